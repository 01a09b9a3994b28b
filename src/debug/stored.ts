import { check, count, durationOf, type Finding, problem, timeOf } from '../settings/finding.ts';
import { addressOf, listOf, type Settings, windowDays } from '../settings/settings.ts';
import { dayMs, maxReferralLength } from '../wire/fields.ts';
import { attempt } from './page.ts';

/** What the pixel of this partner key has stored in this browser. The panel reads, and never writes. */
export interface Stored {
  /** The text of the cookie; undefined where there is none, or cookies are denied. */
  cookie: string | undefined;
  /** Where localStorage is denied. */
  isDenied: boolean;
  /** The keys of localStorage that are the pixel's, without the name they start with. */
  items: Record<string, string>;
}

export function readStored(partnerKey: string): Stored {
  const name = `onramp_${partnerKey}`;
  const cookies = attempt(() => document.cookie.split('; ')) ?? [];
  // A site may keep megabytes there: only the pixel's own values are read.
  const keys = attempt(() => Object.keys(localStorage));
  const own = (keys ?? []).filter((key) => key === name || key.startsWith(`${name}.`));
  return {
    cookie: cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1),
    isDenied: keys === undefined,
    items: Object.fromEntries(own.map((key) => [key.slice(name.length), localStorage[key] ?? ''])),
  };
}

/** A purchase or signup of this browser, as far as it can still be seen. */
export interface Entry {
  /** Its storage key, without the name that all of them start with. */
  key: string;
  since: number;
  /** waiting: for the marketplace's proof. proven: the marketplace has it. gone: it left without a proof. */
  state: 'waiting' | 'proven' | 'gone';
  /** The message; undefined for one that was proven on another page, of which only a mark is left. */
  message: string | undefined;
}

/** Of what waits longer, the pixel gives up. */
export const longestWaitMs = 7 * dayMs;
/** What the pixel keeps at most. */
const maxWaiting = 20;

/** Follows the outbox, and remembers the messages of what leaves it meanwhile, so that the reader can ask why. */
export function followOutbox(): (stored: Stored, now: number) => Entry[] {
  const seen = new Map<string, Entry>();
  let hadReferral = false;

  /** Only withdrawn consent takes a referral or a young mark away; then nobody may remember what there was. */
  function isWithdrawn({ cookie, items }: Stored, now: number): boolean {
    const hasReferral = Boolean(cookie || items['']);
    const lostReferral = hadReferral && !hasReferral;
    hadReferral = hasReferral;
    const lostMark = [...seen.values()].some(
      ({ key, state, since }) => state === 'proven' && items[key] === undefined && now - since < dayMs,
    );
    return lostReferral || lostMark;
  }

  return (stored, now) => {
    const { items } = stored;
    if (isWithdrawn(stored, now)) seen.clear();
    for (const entry of seen.values()) {
      // A mark of a proof goes after a day; it stays a proof.
      if (items[entry.key] === undefined && entry.state === 'waiting') {
        seen.set(entry.key, { ...entry, state: 'gone' });
      }
    }
    for (const [key, text] of Object.entries(items)) {
      const since = Number(key.split('.')[1]);
      if (!key.startsWith('.') || Number.isNaN(since)) continue;
      const state = text ? 'waiting' : 'proven';
      seen.set(key, { key, since, state, message: text || (seen.get(key)?.message ?? sentMessage(key)) });
    }
    return [...seen.values()].sort((one, other) => other.since - one.since);
  };
}

/**
 * The message that this page has sent as an image under that key: its proof may have come before the panel could look,
 * and leaves but a mark. The browser remembers the addresses that it has loaded.
 */
function sentMessage(key: string): string | undefined {
  const hash = Number(key.split('.')[2]);
  const sent = (attempt(() => performance.getEntriesByType('resource')) ?? []).map(({ name }) => name);
  const messages = sent.map((address) => address.replace(/^[^?]*\??/, ''));
  return messages.find((message) => identityHash(new URLSearchParams(message)) === hash);
}

/** As the pixel names what it has sent: track.ts. */
function identityHash(fields: URLSearchParams): number {
  const isPurchase = fields.get('event') === 'purchase';
  // A time that the pixel has stamped itself comes with its clock.
  const own = fields.has('orderId') ? 'orderId' : fields.has('clock') ? '' : 'purchasedAt';
  const names = ['event', 'serviceName', 'customerId', ...(isPurchase && own ? [own] : [])];
  const identity = names.map((name) => [name, String(fields.get(name) ?? undefined)]);
  let hash = 0;
  for (const letter of String(new URLSearchParams(identity)))
    hash = (hash * 127 + letter.charCodeAt(0)) % 1e13;
  return hash;
}

/** What it is a purchase of, as its message says. */
export function describeEntry({ message }: Pick<Entry, 'message'>): string {
  if (message === undefined) return 'One whose details are no longer kept';
  const fields = new URLSearchParams(message);
  const says = (...names: string[]) =>
    names
      .map((name) => fields.get(name) ?? '')
      .join(' ')
      .trim();
  const parts = [
    fields.get('event') === 'signup' ? 'Signup' : '',
    says('serviceName'),
    fields.has('customerId') ? `customer ${says('customerId')}` : '',
    fields.has('orderId') ? `order ${says('orderId')}` : '',
    says('amount', 'currency'),
    fields.has('amount') && !fields.has('currency') ? 'no currency' : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** What the outbox says that someone has to look at. */
export function judgeOutbox(entries: readonly Entry[], now: number): Finding[] {
  const waiting = entries.filter(({ state }) => state === 'waiting');
  const overdue = waiting.filter(({ since }) => Math.abs(now - since) > longestWaitMs);
  return [
    ...entries
      .filter(({ state }) => state === 'gone')
      .map((entry) =>
        problem(
          `A purchase left the outbox without a proof: ${describeEntry(entry)}`,
          'The marketplace refused it; or the page cleared its storage, or withdrew consent. Your rejections name the reason; “Ask why” below does too, where it is offered.',
        ),
      ),
    ...(waiting.length >= maxWaiting
      ? [problem(`The outbox is full: ${waiting.length} purchases wait`, 'See what stops them below.')]
      : []),
    ...(overdue.length > 0
      ? [
          check(
            `${count(overdue.length, 'purchase')} waited for more than ${durationOf(longestWaitMs)}`,
            'The pixel gives them up. Report them from your server.',
          ),
        ]
      : []),
  ];
}

export interface LiveReferral {
  id: string;
  source: string;
  landedAt: number;
  until: number;
  keptIn: 'cookie' | 'localStorage';
}

/** The referral that counts, or why there is none. */
export interface ReferralReading {
  live: LiveReferral | undefined;
  /** Sentences; also where there is one, as far as they say more of it. */
  reasons: string[];
}

/** How the visitor came to this page. */
export interface Landing {
  /** The addresses that may have brought a referral: the one the page was opened with, and the present one. */
  addresses: string;
  hostname: string;
  referrer: string;
  now: number;
  privacyControl: boolean;
  isAllowed: boolean;
}

/** As the pixel reads it: the first three fields by their place, and no time further off than the window. */
export function readReferral(settings: Settings, stored: Stored, landing: Landing): ReferralReading {
  const windowMs = windowDays(settings) * dayMs;
  const kept = (['cookie', 'localStorage'] as const).flatMap((keptIn) => {
    const text = (keptIn === 'cookie' ? stored.cookie : stored.items['']) ?? '';
    const [id, source = '', landed] = new URLSearchParams(text).values();
    const landedAt = Number(landed);
    return id && landed ? [{ id, source, landedAt, until: landedAt + windowMs, keptIn }] : [];
  });
  const live = kept.find(({ landedAt }) => Math.abs(landing.now - landedAt) < windowMs);
  if (!live) {
    const stale = kept.map(
      ({ landedAt }) =>
        `One is stored, from ${timeOf(landedAt)}, but that is more than ${count(windowDays(settings), 'day')} off, so it counts no longer.`,
    );
    return { live, reasons: [...stale, ...whyNone(settings, stored, landing)] };
  }
  const given = parameterOf(settings, landing)?.id;
  if (!given || given === live.id) return { live, reasons: [] };
  const reason =
    settings.attribution.value === 'first'
      ? `The address brings another one, ${given}, but the attribution “first” keeps the first until it ends.`
      : `The address brings another one, ${given}, which was not taken: an id may have ${maxReferralLength} characters at most.`;
  return { live, reasons: [reason] };
}

/** The parameter that counts, in the query or the fragment of either address, and its value; see capture in the pixel. */
function parameterOf({ referralParam }: Settings, { addresses }: Landing) {
  const parameters = new URLSearchParams(addresses.replace(/[?#]|&amp;/g, '&'));
  const name = listOf(referralParam).find((candidate) => parameters.get(candidate));
  return name === undefined ? undefined : { name, id: parameters.get(name) ?? '' };
}

function whyNone(settings: Settings, stored: Stored, landing: Landing): string[] {
  const { privacyControl, isAllowed } = landing;
  const given = parameterOf(settings, landing);
  const names = listOf(settings.referralParam).join(' or ');
  return [
    ...(settings.consent.value === 'required' && !isAllowed
      ? ['The pixel waits for consent, and none has been seen.']
      : []),
    ...(privacyControl
      ? [
          'The browser asks not to be tracked (Global Privacy Control): none is captured until consent is given.',
        ]
      : []),
    given
      ? `The address has ${given.name}, but nothing is stored: is the pixel running, and are cookies and storage allowed? An id may have ${maxReferralLength} characters at most.`
      : `Neither the address that this page was opened with nor its present one has a parameter ${names}.`,
    ...(given ? [] : [aboutReferrer(settings, landing)]),
    ...(stored.isDenied ? ['This browser denies storage to this page.'] : []),
  ];
}

function aboutReferrer({ marketplaceHosts }: Settings, { referrer, hostname }: Landing): string {
  const host = addressOf(referrer)?.hostname;
  const hosts = listOf(marketplaceHosts);
  if (!host) return 'The browser names no page that the visitor came from.';
  if (hosts.some((market) => `.${host}`.endsWith(`.${market}`)))
    return `The visitor came from ${host}, which counts, but nothing is stored.`;
  if (host === hostname) return 'The visitor came from this site itself.';
  return hosts.length === 0
    ? `The visitor came from ${host}, but ${marketplaceHosts.label} is not set.`
    : `The visitor came from ${host}, which is not among ${marketplaceHosts.label}.`;
}
