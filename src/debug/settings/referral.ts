import { check, type Finding, problem } from '../finding.ts';
import { listOf, type Setting, type Settings } from './options.ts';

/** The options that decide which referrals count, how long and where. */
export function judgeReferralOptions(settings: Settings, page: URL): Finding[] {
  return [
    ...judgeHosts(settings.marketplaceHosts),
    ...judgeParameters(settings.referralParam),
    ...judgeWindow(settings.windowDays),
    ...judgeDomain(settings.cookieDomain, page),
    ...judgeWord(settings.attribution, ['last', 'first'], 'The last referral counts.'),
    ...judgeWord(settings.consent, ['required'], 'No consent is waited for.'),
  ];
}

function judgeHosts(setting: Setting): Finding[] {
  return listOf(setting)
    .filter((host) => !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(host))
    .map((host) =>
      problem(
        `data-marketplace-hosts: "${host}" never matches`,
        'Write a host name alone, in small letters, as market.example: no https://, port, path or *. Its subdomains count by themselves.',
      ),
    );
}

function judgeParameters(setting: Setting): Finding[] {
  return listOf(setting)
    .filter((name) => /[?&=#]/.test(name))
    .map((name) =>
      problem(
        `data-referral-param: "${name}" is no name of a parameter`,
        'Write the name alone, as onramp_ref: no ?, & or =.',
      ),
    );
}

function judgeWindow({ value }: Setting): Finding[] {
  const days = Number(value);
  const advice = 'Write a number of days, as 30.';
  if (days < 0) return [problem('data-window-days is below 0, so no referral ever counts', advice)];
  if (!days) return [check(`data-window-days="${value}" is no number of days: 30 counts`, advice)];
  // Chromium caps a cookie's age there: https://developer.chrome.com/blog/cookie-max-age-expires
  if (days > 400) return [check('data-window-days is more than browsers keep a cookie: 400 days', advice)];
  return [];
}

function judgeDomain({ value }: Setting, { hostname }: URL): Finding[] {
  if (!value || value === 'none') return [];
  const domain = value.replace(/^\./, '').toLowerCase();
  const advice =
    'Write a domain that this page is on, or none. Until then the referral is kept for this host alone.';
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(domain)) {
    return [check(`data-cookie-domain="${value}" is no domain`, advice)];
  }
  if (hostname !== domain && !hostname.endsWith(`.${domain}`)) {
    return [check(`This page, on ${hostname}, can't set cookies for ${domain}`, advice)];
  }
  return [];
}

function judgeWord({ name, value }: Setting, words: readonly string[], instead: string): Finding[] {
  if (!value || words.includes(value)) return [];
  const advice = `${instead} It may be: ${words.join(', ')}.`;
  return [check(`data-${name}="${value}" is not known`, advice)];
}
