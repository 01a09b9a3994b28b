import { check, durationOf, type Finding, note, problem } from '../settings/finding.ts';
import { maxSignatureAgeSeconds } from '../wire/signature.ts';
import { longestWaitMs } from './stored.ts';

/** How far something is let through: `unknown` where the browser doesn't tell. */
export type Outcome = 'asking' | 'through' | 'stopped' | 'unknown';

export interface Way {
  outcome: Outcome;
  /** What was seen, in a sentence. */
  saw: string;
  /** What it means for the provider, where it means something by itself. */
  finding?: Finding;
  /**
   * policy: the page's Content Security Policy stops it. silent: nothing comes back. blocked: nothing, though the host
   * answers to other questions. foreign: something answers that is not the service. busy: the service says try again.
   * refusing: it would refuse a purchase.
   */
  cause?: 'policy' | 'silent' | 'blocked' | 'foreign' | 'busy' | 'refusing';
  /** Of the policy. */
  directive?: string;
}

/** Whom a probe asks, and about whom. */
export interface Target {
  /** The very address of the pixel's beacons; with .gif behind it that of its images. */
  address: string;
  /** Empty where it can't be read; then it can only be asked whether anybody answers. */
  partnerKey: string;
}

/** Says which directive of the page stopped a request to that address after that time, if one did. */
export type DirectiveFor = (address: string, sinceMs: number) => Promise<string | undefined>;

/** A probe that hasn't been answered by then is given up. */
const patienceMs = 8_000;
/** How long an answer to a beacon may take to be seen. */
const beaconPatienceMs = 3_000;

/** What a probe is asked of: `probe=` and no field of a message, so that nothing of it is kept. */
function probeQuery({ partnerKey }: Target): string {
  return `probe=${encodeURIComponent(partnerKey)}&sent=${Date.now()}`;
}

/** As the pixel asks for its pictures, but readable. */
export function ask(address: string, init: RequestInit = {}): Promise<Response> {
  return fetch(address, {
    credentials: 'omit',
    referrerPolicy: 'origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(patienceMs),
    ...init,
  });
}

/** Asks the service what it makes of the partner key and of this page, by HEAD, which stores nothing. */
export async function askService(target: Target, directiveFor: DirectiveFor): Promise<Way> {
  const address = `${target.address}.gif?${probeQuery(target)}`;
  const since = performance.now();
  try {
    const { status, headers } = await ask(address, { method: 'HEAD' });
    return judgeAnswer(status, headers.get('x-tracking-result') ?? '', target);
  } catch {
    const directive = await directiveFor(address, since);
    if (directive)
      return { outcome: 'unknown', saw: `Not asked: ${forbids(directive)}`, cause: 'policy', directive };
    return explainSilence(address, target);
  }
}

function judgeAnswer(status: number, result: string, { partnerKey }: Target): Way {
  if (status === 503 || status === 429) {
    const finding = problem(
      `The marketplace's service is not available at the moment (${status})`,
      'The pixel keeps purchases and tries again by itself. If it lasts, tell the marketplace.',
    );
    return { outcome: 'stopped', saw: `It answers ${status}: try again later.`, finding, cause: 'busy' };
  }
  if (!result.startsWith('probe')) {
    return {
      outcome: 'stopped',
      saw: `It answers ${status}, but not as the service does.`,
      cause: 'foreign',
    };
  }
  if (!partnerKey)
    return { outcome: 'through', saw: 'It answers; without a partner key it cannot say more.' };
  const finding = explainResult(result);
  return { outcome: 'through', saw: describeResult(result), ...(finding && { finding }) };
}

function describeResult(result: string): string {
  const level = /level=(\w+)/.exec(result)?.[1];
  if (level === undefined) return 'It refuses this partner key.';
  return level === 'unsigned'
    ? 'It knows your partner key, but not this site as yours (level “unsigned”).'
    : `It knows your partner key, and this site as yours (level “${level}”).`;
}

/** The service lets every page read its answers: what can't be read is no answer, or another's. */
async function explainSilence(address: string, target: Target): Promise<Way> {
  const answers = (url: string) =>
    ask(url, { method: 'HEAD', mode: 'no-cors' }).then(
      () => true,
      () => false,
    );
  if (await answers(address)) {
    return { outcome: 'stopped', saw: 'Something answers, but not as the service does.', cause: 'foreign' };
  }
  if (await answers(new URL('/onramp.js', target.address).href)) {
    return { outcome: 'stopped', saw: 'No answer came, though its host can be reached.', cause: 'blocked' };
  }
  return { outcome: 'stopped', saw: 'No answer came.', cause: 'silent' };
}

function forbids(directive: string): string {
  return `${directive} in this page's Content Security Policy forbids it.`;
}

export interface PictureSize {
  width: number;
  height: number;
}

/** Loads an image as the pixel does; undefined where none came. */
export function loadPicture(address: string): Promise<PictureSize | undefined> {
  return new Promise((resolve) => {
    const image = new Image();
    image.referrerPolicy = 'origin';
    const timer = setTimeout(() => resolve(undefined), patienceMs);
    const end = (size: PictureSize | undefined) => {
      clearTimeout(timer);
      resolve(size);
    };
    image.onload = () => end({ width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => end(undefined);
    image.src = address;
  });
}

/** Asks for a picture that only the service has, and that proves nothing: 2 x 2 or 2 x 3. */
export async function tryImage(target: Target, directiveFor: DirectiveFor): Promise<Way> {
  const address = `${target.address}.gif?${probeQuery(target)}`;
  const since = performance.now();
  const size = await loadPicture(address);
  if (size?.width === 2 && (size.height === 2 || !target.partnerKey)) {
    return { outcome: 'through', saw: "The service's picture came." };
  }
  if (size?.width === 2 && size.height === 3) {
    const saw = "The service's picture came, and says that it would refuse a purchase from this page.";
    const finding = problem(
      'The marketplace would refuse purchases from this page',
      'Its reason cannot be read here. Compare your partner key with the one that the marketplace gave you, and ask whether this site is registered as yours.',
    );
    return { outcome: 'through', saw, finding, cause: 'refusing' };
  }
  if (size) {
    const finding = problem(
      'Another picture comes in the place of the service’s',
      'A blocker, a proxy or a service worker of the page answers for the marketplace. Purchases are kept and stay unproven.',
    );
    const saw = `A picture of ${size.width} × ${size.height} came, not the service's.`;
    return { outcome: 'stopped', saw, finding, cause: 'foreign' };
  }
  const directive = await directiveFor(address, since);
  if (directive) {
    const finding = problem(
      `This page's Content Security Policy stops the image (${directive})`,
      `Add ${new URL(address).origin} to img-src. Until then no purchase can be proven, and a lost beacon is a lost purchase.`,
    );
    return { outcome: 'stopped', saw: forbids(directive), finding, cause: 'policy', directive };
  }
  const finding = problem(
    'The image does not come through',
    `No policy of the page stops it: a blocker, the network or a service worker may. Try a browser without extensions. Purchases are kept for ${durationOf(longestWaitMs)}, and asked for again.`,
  );
  return { outcome: 'stopped', saw: 'No picture came.', finding, cause: 'silent' };
}

/** Sends a probe by the very beacon that purchases take, to the same address. */
export async function tryBeacon(target: Target, directiveFor: DirectiveFor): Promise<Way> {
  const { address } = target;
  if (typeof navigator.sendBeacon !== 'function') {
    return { outcome: 'stopped', saw: 'This browser has no sendBeacon. The image is used instead.' };
  }
  const since = performance.now();
  const timing = watchTiming(address, since);
  try {
    const isTaken = navigator.sendBeacon(address, new URLSearchParams(probeQuery(target)));
    const directive = await directiveFor(address, since);
    if (directive) {
      const finding = check(
        `This page's Content Security Policy stops beacons (${directive})`,
        `Add ${new URL(address).origin} to connect-src. Until then only the image reports purchases, and one may wait for the next page.`,
      );
      return { outcome: 'stopped', saw: forbids(directive), finding, cause: 'policy', directive };
    }
    if (!isTaken) return { outcome: 'stopped', saw: 'The browser refused it. The image is used instead.' };
    return explainTiming(await timing.answered);
  } catch {
    return { outcome: 'stopped', saw: 'sendBeacon throws an error. The image is used instead.' };
  } finally {
    timing.stop();
  }
}

function explainTiming(isAnswered: boolean | undefined): Way {
  if (isAnswered) return { outcome: 'through', saw: 'The browser took it, and an answer came back.' };
  const isNative = /\[native code\]/.test(Function.prototype.toString.call(navigator.sendBeacon));
  const replaced = isNative ? '' : ' The page or an extension has put its own sendBeacon in place.';
  if (isAnswered === undefined) {
    const saw = `The browser took it. Whether it arrived, it does not tell.${replaced}`;
    return { outcome: 'unknown', saw };
  }
  const finding = problem(
    'Beacons leave this page but get no answer',
    'No policy of the page stops them: a blocker or the network may. Try a browser without extensions. The image reports purchases as long as it passes.',
  );
  const saw = `The browser took it, but no answer came.${replaced}`;
  return { outcome: 'stopped', saw, finding, cause: 'silent' };
}

/**
 * sendBeacon itself never tells what became of it, but Resource Timing does where the browser keeps beacons there: the
 * service lets it see when its answer started. Undefined where the browser says nothing.
 */
function watchTiming(address: string, since: number) {
  let resolve: (isAnswered: boolean | undefined) => void = () => {};
  const answered = new Promise<boolean | undefined>((settle) => {
    resolve = settle;
  });
  const observer = new PerformanceObserver((list) => {
    const entry = list.getEntriesByName(address).find((candidate) => candidate.startTime >= since) as
      | PerformanceResourceTiming
      | undefined;
    if (entry) resolve(entry.responseStart > 0);
  });
  observer.observe({ type: 'resource' });
  const timer = setTimeout(() => resolve(undefined), beaconPatienceMs);
  return {
    answered,
    stop() {
      clearTimeout(timer);
      observer.disconnect();
    },
  };
}

/** What the service says in its result header, in the words of someone who has to mend it. */
const reasons: Record<string, readonly [title: string, advice: string]> = {
  unknown_partner_key: [
    'The marketplace does not know this partner key (403)',
    'Compare it with the one that the marketplace gave you.',
  ],
  provider_disabled: [
    'The marketplace takes nothing for this partner key at present (403)',
    'Ask the marketplace why your account is disabled.',
  ],
  below_minimum_level: [
    'The marketplace demands more proof than this page gives (403)',
    `Ask the marketplace to register ${location.origin} as your origin, or let your server sign each purchase (sig).`,
  ],
  invalid_fields: [
    'Fields of the purchase are missing or wrong (400)',
    'Your rejections name each of them: GET /api/rejections with your secret.',
  ],
  unreadable: [
    'The message cannot be read (400)',
    'Something on the way has changed it: a proxy or an extension.',
  ],
  wrong_signature: [
    'The signature does not fit the purchase (401)',
    'Your server has to sign the very values that the page sends, as they are stored: see “Signature” in the documentation.',
  ],
  expired_signature: [
    'The signature has expired (401)',
    `Sign each page anew: a signature is believed for ${durationOf(maxSignatureAgeSeconds * 1000)}.`,
  ],
  conflict: [
    'This purchase is on record with another amount or currency (409)',
    'Another purchase needs an order id of its own.',
  ],
  beyond_retention: [
    'The purchase is older than what the marketplace keeps (400)',
    'It has deleted what it had of that time: look at purchasedAt.',
  ],
  customer_forgotten: [
    'The marketplace was asked to forget this customer (403)',
    'It takes nothing more that names them.',
  ],
};

/** Undefined for a result that is as it should be. */
function explainResult(result: string): Finding | undefined {
  const reason = /reason=(\w+)/.exec(result)?.[1];
  if (reason) {
    const [title, advice] = reasons[reason] ?? [
      `The marketplace refuses it: ${reason}`,
      'Ask the marketplace.',
    ];
    return problem(title, advice);
  }
  if (!/level=unsigned/.test(result)) return undefined;
  return check(
    'The marketplace does not know this site as yours: purchases say “unsigned”',
    `They count, but prove little. Ask the marketplace to register ${location.origin} as your origin.`,
  );
}

/** What a service's answer to one purchase means. */
export function explainAnswer(result: string): Finding {
  const refused = explainResult(result);
  if (refused) return refused;
  return result.startsWith('created')
    ? note('The marketplace has it, by this very request', 'It had not arrived before.')
    : note('The marketplace has it', 'It answered “duplicate”: it had arrived before.');
}
