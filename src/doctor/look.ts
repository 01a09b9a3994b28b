import { trackingPath } from '../wire/paths.ts';
import type { Rendered } from './examine.ts';
import { readHtml } from './readHtml.ts';
import { findTags } from './tags.ts';
import type { Message, Sight, Visitor } from './visitor.ts';

/** What a browser shows of a page. */
export interface Seen {
  sight: Sight;
  rendered: Rendered;
  /** runs: the pixel does; other: something else stands at its name; absent: nothing. */
  pixel: 'runs' | 'other' | 'absent';
  /** The id of the referral that counts there, as the pixel says; null: none. Undefined where no pixel runs. */
  referral: string | null | undefined;
  /** Whether cookie or localStorage have it, and not the page's memory alone. */
  isKept: boolean;
  /** Whether a probe gets through; undefined where none was sent. */
  ways: { beacon: boolean; image: boolean } | undefined;
  /** Purchases and signups that the page reported. */
  reported: readonly Message[];
}

/** What is asked in the page. */
const whatRuns =
  "typeof onrampTrack !== 'function' ? 'absent' : typeof onrampTrack.run === 'function' ? 'runs' : 'other'";
const giveConsent = "onrampTrack('consent', true)";
const readReferral = "onrampTrack('referral').then((referral) => referral && referral.id)";

/** Where the pixel keeps it, as the README says. */
function isReferralStored(partnerKey: string): string {
  const name = JSON.stringify(`onramp_${partnerKey}`);
  return `[() => document.cookie.includes(${name} + '='), () => localStorage.getItem(${name}) !== null].some((look) => {
    try {
      return look();
    } catch {
      return false;
    }
  })`;
}

/** Opens the page as a visitor does, who agrees to be tracked where the pixel waits for that. */
export async function look(
  visitor: Visitor,
  address: URL,
  endpointOf: (rendered: Rendered, url: URL) => Endpoint,
): Promise<Seen> {
  const sight = await visitor.visit(address);
  const html = readHtml(sight.html);
  const rendered = { html, tags: findTags(html, sight.url), files: sight.scripts };
  const said = await visitor.ask(whatRuns);
  const pixel = said === 'runs' || said === 'other' ? said : 'absent';
  const { base, partnerKey, isConsentRequired } = endpointOf(rendered, sight.url);
  if (pixel === 'runs' && isConsentRequired) await visitor.ask(giveConsent);
  const referral = pixel === 'runs' ? await visitor.ask(readReferral) : undefined;
  const isKept = (await visitor.ask(isReferralStored(partnerKey))) === true;
  const ways = base ? await tryWays(visitor, base, partnerKey) : undefined;
  const reported = visitor
    .messages()
    .filter(({ fields }) => /^(purchase|signup)?$/.test(fields.get('event') ?? ''));
  return {
    sight,
    rendered,
    pixel,
    referral: typeof referral === 'string' || referral === null ? referral : undefined,
    isKept,
    ways,
    reported: reported.filter(({ fields }) => fields.has('partnerKey')),
  };
}

/** Whom the page's tag speaks to; base undefined: nobody that can be asked. */
export interface Endpoint {
  base: string | undefined;
  partnerKey: string;
  isConsentRequired: boolean;
}

/** How long an answer may take. */
const answerPatienceMs = 3_000;

/** Sends a probe by the very ways of the pixel, in the page, where its policies and its scripts may stop it. */
async function tryWays(
  visitor: Visitor,
  base: string,
  partnerKey: string,
): Promise<{ beacon: boolean; image: boolean }> {
  const address = base + trackingPath;
  const query = `probe=${encodeURIComponent(partnerKey)}&sent=${Date.now()}&by=doctor`;
  const [beacon, image] = await Promise.all([
    tryBeacon(visitor, address, query),
    visitor.ask(`new Promise((resolve) => {
      const image = new Image();
      setTimeout(resolve, ${answerPatienceMs}, 0);
      image.onload = () => resolve(image.naturalWidth);
      image.onerror = () => resolve(0);
      image.referrerPolicy = 'origin';
      image.src = ${JSON.stringify(`${address}.gif?${query}`)};
    })`),
  ]);
  // Its picture for probes is 2 wide. A page whose scripts don't run can't be asked.
  return { beacon, image: image === undefined || image === 2 };
}

/** The page itself is never told what becomes of a beacon. */
async function tryBeacon(visitor: Visitor, address: string, query: string): Promise<boolean> {
  const isAnswered = () =>
    visitor
      .messages()
      .some(
        ({ way, fields, status }) =>
          way === 'beacon' && fields.get('by') === 'doctor' && status !== undefined,
      );
  const startedMs = Date.now();
  await visitor.ask(
    `navigator.sendBeacon(${JSON.stringify(address)}, new URLSearchParams(${JSON.stringify(query)}))`,
  );
  while (!isAnswered() && Date.now() - startedMs < answerPatienceMs) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return isAnswered();
}
