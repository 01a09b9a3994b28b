import { attempt } from '../attempt.ts';

/** A call of onrampTrack, as far as it was seen. */
export interface Call {
  at: number;
  /** What it was given, shortened; undefined for a call from before the panel, of which only the receipt is left. */
  given: string | undefined;
  status: string;
  reason: string;
}

export interface Calls {
  /** The last ones, newest first. */
  list(): Call[];
  /** Whether the page was seen to give consent, and not to withdraw it since. */
  consentSeen(): boolean;
  /** Whether the page was last seen to withdraw it. */
  withdrawalSeen(): boolean;
  /** Looks after what the page or the pixel has changed meanwhile. */
  look(): void;
  /** Takes the panel out of the calls' way. */
  stop(): void;
}

const maxCalls = 20;
type Track = (...given: unknown[]) => unknown;

/** Puts itself around `onrampTrack`: every call, property and answer passes as if it weren't there. */
export function watchCalls(changed: () => void): Calls {
  const calls: Call[] = [];
  const targets = new WeakMap<object, Track>();
  let consent: boolean | undefined;
  let lastReceipt: unknown;

  const installed = () => attempt(() => Reflect.get(window, 'onrampTrack') as unknown);
  const install = (track: unknown) => attempt(() => Reflect.set(window, 'onrampTrack', track));

  function add(given: string | undefined): Call {
    const call = { at: Date.now(), given, status: '', reason: '' };
    calls.unshift(call);
    calls.length = Math.min(calls.length, maxCalls);
    return call;
  }

  function settle(call: Call, receipt: unknown, isPurchase: boolean): void {
    const { status, reason } = (receipt ?? {}) as Record<string, unknown>;
    call.status = typeof status === 'string' ? status : isPurchase ? 'no receipt' : 'answered';
    call.reason = typeof reason === 'string' ? reason : '';
    changed();
  }

  function note(track: Track, given: unknown[], result: unknown): void {
    if (given[0] === 'consent') consent = Boolean(given[1]);
    const call = add(describeArguments(given));
    // A side branch: the page gets the very promise that the pixel made.
    Promise.resolve(result).then(
      (receipt) => {
        lastReceipt = attempt(() => Reflect.get(track, 'r'));
        settle(call, receipt, typeof given[0] !== 'string');
      },
      () => settle(call, undefined, true),
    );
    changed();
  }

  function look(): void {
    const current = installed();
    if (typeof current !== 'function') return;
    const track = targets.get(current) ?? (current as Track);
    const receipt: unknown = attempt(() => Reflect.get(track, 'r'));
    if (receipt && receipt !== lastReceipt) settle(add(undefined), receipt, true);
    lastReceipt = receipt;
    if (targets.has(current)) return;
    const around = new Proxy(track, {
      apply(target, self, given) {
        const result: unknown = Reflect.apply(target, self, given);
        attempt(() => note(target, given, result));
        return result;
      },
    });
    targets.set(around, track);
    install(around);
  }

  return {
    list: () => calls.map((call) => ({ ...call })),
    consentSeen: () => consent === true,
    withdrawalSeen: () => consent === false,
    look,
    stop() {
      const current = installed();
      const track = typeof current === 'function' ? targets.get(current) : undefined;
      if (track) install(track);
    },
  };
}

const maxTextLength = 60;

/** Reads values alone: a getter of the page's is not called once more than without the panel. */
export function describeArguments([first, second]: readonly unknown[]): string {
  if (first === undefined) return 'the settings of the tag';
  if (typeof first === 'string') return first === 'consent' ? `consent, ${Boolean(second)}` : shorten(first);
  if (typeof first !== 'object' || first === null) return shorten(String(first));
  const fields = Object.entries(Object.getOwnPropertyDescriptors(first)).map(
    ([name, { value }]) => `${name}: ${name === 'sig' ? '(hidden)' : describeValue(value)}`,
  );
  return fields.join(', ') || 'an empty object';
}

function describeValue(value: unknown): string {
  if (value instanceof Date) return attempt(() => value.toISOString()) ?? 'an invalid Date';
  if (typeof value === 'string' || typeof value === 'number') return shorten(String(value));
  return value === null ? 'null' : `(${typeof value})`;
}

function shorten(text: string): string {
  return text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
}
