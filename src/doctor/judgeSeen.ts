import { nameOf } from './fetchPage.ts';
import type { Code, Finding } from './findings.ts';
import type { Known } from './judgeTags.ts';
import type { Seen } from './look.ts';
import { countingTag, heldBy, isModule, isPixel, optionsOf, type Tag, writeTag } from './tags.ts';

/** What a browser tells beyond the HTML, where the findings so far don't tell it already. */
export function judgeSeen(
  seen: Seen,
  tags: readonly Tag[],
  found: readonly Finding[],
  known: Known,
): Finding[] {
  const tag = countingTag(seen.rendered.tags) ?? countingTag(tags);
  return [
    ...compareRendered(tags, seen),
    ...(tag ? judgeRunning(seen, tag, found, known) : judgeBundle(seen, known)),
    ...(tag ? judgeComplaints(seen, found) : []),
    ...judgeWays(seen, found),
  ];
}

function compareRendered(tags: readonly Tag[], { rendered, pixel }: Seen): Finding[] {
  if (tags.length === 0 && rendered.tags.length > 0) {
    const sentence =
      'The tag is not in the HTML: a script puts it in, such as a tag manager’s. It works, but later, and not where that script is blocked.';
    return [{ code: 'tag-only-rendered', sentence }];
  }
  // Some take it out once it has run, which harms nothing.
  if (tags.length > 0 && rendered.tags.length === 0 && pixel !== 'runs') {
    const sentence =
      'The tag is in the HTML, but gone from the page that a browser shows: a script takes it out, such as an optimiser’s or a consent manager’s.';
    return [{ code: 'tag-not-rendered', sentence }];
  }
  return [];
}

function has(found: readonly Finding[], ...codes: Code[]): boolean {
  return found.some(({ code }) => codes.includes(code));
}

/** The pixel in a file of the page's own, without a tag. */
function judgeBundle({ sight, pixel }: Seen, known: Known): Finding[] {
  const change = writeTag(known.host, known.partnerKey);
  if (sight.scripts.some(isPixel)) {
    const sentence =
      'An optimiser has put the script into a bundle of your site: there it has no tag, so it knows neither key nor endpoint. Exclude onramp.js from it.';
    return [{ code: 'tag-bundled', sentence, change }];
  }
  if (pixel === 'absent' && sight.scripts.some(isModule)) {
    const sentence =
      'The page has the pixel as a module (startOnramp) and no tag. Its settings cannot be read from outside: add ?onramp_debug to the page’s address, and the panel shows them.';
    return [{ code: 'tag-in-bundle', sentence }];
  }
  return [];
}

/** What else explains that the pixel doesn't run. */
const causes: readonly Code[] = [
  'csp-blocks-script',
  'script-unreachable',
  'script-not-ours',
  'integrity-wrong',
  'integrity-without-crossorigin',
  'endpoint-insecure',
  'tag-stripped',
  'tag-not-rendered',
  'tag-delayed',
  'template-not-filled',
];

function judgeRunning({ pixel, sight }: Seen, tag: Tag, found: readonly Finding[], known: Known): Finding[] {
  if (pixel === 'runs' || heldBy(tag.script) !== undefined || has(found, ...causes)) return [];
  const change = writeTag(known.host, known.partnerKey, optionsOf(tag));
  if (pixel === 'other' && !sight.failures.has(tag.address?.href ?? '')) {
    const sentence =
      'The script does not run: only the stub stands at window.onrampTrack, or something of the page’s own. Is another script in its place, or did an error end it?';
    return [{ code: 'pixel-not-running', sentence, change }];
  }
  const reason = sight.failures.get(tag.address?.href ?? '');
  const why = reason ? ` The browser says: ${reason}.` : '';
  const sentence = `The tag is there, but its script does not run in the browser.${why}`;
  return [{ code: 'pixel-not-running', sentence, change }];
}

function judgeComplaints({ sight }: Seen, found: readonly Finding[]): Finding[] {
  const told = [
    ...(has(found, 'tag-stripped') ? ['no partnerKey'] : []),
    ...(has(found, 'tag-two-keys') ? ['duplicate partnerKey'] : []),
    ...(has(found, 'purchase-refused', 'template-not-filled') ? ['no customerId', 'no serviceName'] : []),
  ];
  return [...new Set(sight.complaints)]
    .filter((complaint) => !told.some((text) => complaint.includes(text)))
    .map((complaint) => ({
      code: 'pixel-complains' as const,
      sentence: `The pixel says in the console: "${complaint}". docs/symptoms.md says what each means.`,
    }));
}

function judgeWays({ ways }: Seen, found: readonly Finding[]): Finding[] {
  if (!ways || has(found, 'csp-blocks-messages', 'endpoint-unreachable', 'endpoint-wrong', 'tag-own-site'))
    return [];
  const stops =
    'A blocker, a proxy, a service worker or a script of the page may stop it; no policy of the page does.';
  const isBeaconStopped = !ways.beacon && !has(found, 'csp-blocks-beacon');
  const isImageStopped = !ways.image && !has(found, 'csp-blocks-image');
  if (isBeaconStopped && isImageStopped) {
    const sentence = `Neither beacon nor image gets through from this page: no purchase can leave it. ${stops}`;
    return [{ code: 'messages-blocked', sentence }];
  }
  if (isBeaconStopped) {
    const sentence = `The beacon gets no answer from this page; only the image reports purchases. ${stops}`;
    return [{ code: 'beacon-blocked', sentence }];
  }
  if (!isImageStopped) return [];
  const sentence = `The service's picture does not come to this page, so no purchase can be proven, and a lost beacon is a lost purchase. ${stops}`;
  return [{ code: 'image-blocked', sentence }];
}

/** Whether the page that a visitor lands on has kept the referral of that id. */
export function judgeLanding(
  { pixel, referral, isKept, sight }: Seen,
  id: string,
  found: readonly Finding[],
): Finding[] {
  if (pixel !== 'runs' || (referral === id && isKept)) return [];
  if (has(found, 'referral-dropped', 'referral-param-differs', 'setting-wrong', 'template-not-filled'))
    return [];
  if (!sight.url.href.includes(id)) {
    const sentence = `The page changes its address to ${nameOf(sight.url)} and drops the query before the pixel has read it: the referral is lost.`;
    return [{ code: 'referral-dropped', sentence }];
  }
  const sentence =
    'The pixel runs, but keeps no referral: neither a cookie nor localStorage took it. Is the page in a sandbox, or does data-cookie-domain name another domain?';
  return [{ code: 'referral-not-kept', sentence }];
}

/** Whether the referral of the landing page is there after checkout. */
export function judgeArrival(
  landing: Seen,
  thankYou: Seen,
  id: string,
  tag: Tag | undefined,
  known: Known,
): Finding[] {
  if (landing.referral !== id || thankYou.pixel !== 'runs' || thankYou.referral === id) return [];
  const keys = [landing, thankYou].map(
    ({ rendered }) => countingTag(rendered.tags)?.source.settings.partnerKey.value,
  );
  if (keys[0] !== keys[1]) {
    const sentence = `The landing page keeps the referral for ${keys[0]}, and the thank-you page's tag names ${keys[1]}: let both name the same partner key.`;
    return [{ code: 'referral-lost', sentence, change: writeTag(known.host, known.partnerKey) }];
  }
  const [from, to] = [landing.sight.url, thankYou.sight.url];
  const shared = sharedDomain(from.hostname, to.hostname);
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    const sentence = `The referral is kept for https, and ${to.host} is http: it is not there after checkout. Serve the page by https.`;
    return [
      { code: 'referral-lost', sentence, change: to.href.replace('http:', 'https:').split('?')[0] ?? '' },
    ];
  }
  if (shared && tag) {
    const options = optionsOf(tag).set('data-cookie-domain', shared);
    const sentence = `The referral that was kept on ${from.hostname} is not there on ${to.hostname}: its cookie is for one host alone. Let the landing page's tag name the domain of both, if it is yours.`;
    return [{ code: 'referral-lost', sentence, change: writeTag(known.host, known.partnerKey, options) }];
  }
  const sentence =
    from.hostname === to.hostname
      ? 'The referral was kept on the landing page and is gone after checkout: something deletes cookies on the way, such as a sign-out.'
      : `The referral that was kept on ${from.hostname} cannot be read on ${to.hostname}, another domain: docs/guides/two-domains.md says how it crosses.`;
  return [{ code: 'referral-lost', sentence }];
}

/** The domain of more than one label that both hosts are on; whether it is a public suffix, it can't tell. */
function sharedDomain(one: string, other: string): string | undefined {
  if (one === other || /^[\d.]+$|:/.test(one + other)) return undefined;
  const [ones, others] = [one.split('.').reverse(), other.split('.').reverse()];
  const length = ones.findIndex((label, index) => label !== others[index]);
  const shared = ones.slice(0, length === -1 ? ones.length : length);
  return shared.length > 1 ? shared.reverse().join('.') : undefined;
}

/** Whether the page after checkout reports anything. */
export function judgeReported({ pixel, reported }: Seen, found: readonly Finding[], known: Known): Finding[] {
  if (pixel !== 'runs' || reported.length > 0) return [];
  if (has(found, 'purchase-refused', 'template-not-filled', 'consent-never-given', 'csp-blocks-stub'))
    return [];
  const options = new Map([
    ['data-track', 'purchase'],
    ['data-customer-id', '42'],
    ['data-order-id', 'A-1001'],
  ]);
  const sentence =
    'The pixel runs on the thank-you page, but nothing is reported: neither data-track nor a call of onrampTrack. Let your server fill in the ids.';
  return [{ code: 'thank-you-silent', sentence, change: writeTag(known.host, known.partnerKey, options) }];
}
