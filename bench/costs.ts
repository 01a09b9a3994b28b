import { burdens } from './measures/burdens.ts';
import { exactly, isBelow } from './measures/spread.ts';
import type { Bytes, ScriptResult, Speed, Spread } from './results.ts';

/** A figure of the tables of costs; less is better in each. */
export interface Cost {
  title: string;
  /** Undefined where the script can't do what is measured. */
  of: (script: ScriptResult) => Spread | undefined;
  /** What stands in the place of a figure that isn't there; default: a dash. */
  instead?: (script: ScriptResult) => string | undefined;
  show: (value: number) => string;
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const milliseconds = (value: number) => value.toFixed(2);

const bytes = (name: keyof Bytes): Cost => ({
  title: `${name}, bytes`,
  of: (script) => exactly(script.bytes[name]),
  show: whole,
});
const time = (title: string, name: keyof Speed): Cost => ({
  title: `${title}, ms`,
  of: ({ speed }) => speed[name],
  show: milliseconds,
});

export const costs: Cost[] = [
  bytes('brotli'),
  bytes('gzip'),
  bytes('raw'),
  time('start', 'startMs'),
  time('call', 'callMs'),
  time('call and its work', 'workMs'),
  { title: 'heap, KB', of: ({ speed }) => speed.heapBytes, show: (value) => whole(value / 1_000) },
  { title: 'requests', of: requestsOf, show: whole },
];

function requestsOf({ requests }: ScriptResult): Spread | undefined {
  return requests && exactly(requests.carrying + requests.preflights);
}

export const burdenedStarts: Cost[] = burdens.map(({ id, title }) => ({
  title: `start, ${title}`,
  of: ({ burdened }) => burdened?.[id]?.startMs,
  show: milliseconds,
}));

/** A call that throws is done soon, and no match for one that tracks. */
export const burdenedCalls: Cost[] = burdens.map(({ id, title }) => ({
  title: `call, ${title}`,
  of: ({ burdened }) => (burdened?.[id]?.threw ? undefined : burdened?.[id]?.callMs),
  instead: ({ burdened }) => (burdened?.[id]?.threw ? 'throws' : undefined),
  show: milliseconds,
}));

/** Whether no other is below it beyond doubt. */
export function isBest({ of }: Cost, script: ScriptResult, all: ScriptResult[]): boolean {
  const own = of(script);
  return own !== undefined && all.every((other) => !isBelow(of(other) ?? own, own));
}

/** The median, and the quartiles where they look different. */
export function showSpread({ show }: Pick<Cost, 'show'>, { median, low, high }: Spread): string {
  const [from, to] = [show(low), show(high)];
  return from === to ? show(median) : `${show(median)} (${from}–${to})`;
}
