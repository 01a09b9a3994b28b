/** The query parameter in which a referral reaches the provider's page. */
const referralParameter = 'onramp_ref';

/** The landing page with the referral in its query; the rest of the address stays as it was registered. */
export function landingWithReferral(landingUrl: string, referral: string): string {
  const url = new URL(landingUrl);
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && pair.split('=')[0] !== referralParameter);
  url.search = [...kept, `${referralParameter}=${referral}`].join('&');
  return url.href;
}
