import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { patience } from './patience.ts';
import { purchase } from './purchase.ts';

/** How long a sender waits after a 503, in milliseconds; a real one waits longer. */
const retryMs = 100;

export interface Load {
  /** Order ids, each once. */
  readonly acknowledged: readonly string[];
  /** Details of the answers 503, with how many there were of each. */
  readonly unavailable: ReadonlyMap<string, number>;
  /** Answers that are neither success nor a 503 as it should be. */
  readonly unexpected: readonly string[];
  readonly slowestMs: number;
  /** The longest time between two acknowledgements, in milliseconds. */
  readonly longestGapMs: number;
  /** Resolves when the service is gone, so that it can no longer be connected to. */
  readonly gone: Promise<unknown>;
  /** Resolves when so many more are acknowledged. */
  progress(count?: number, timeout?: number): Promise<void>;
  /** Begins no new purchase; resolves when each that was begun is acknowledged, or the service is gone. */
  finish(): Promise<void>;
}

/**
 * Posts purchases one after the other over several connections, each of them twice at once, and both again until one is
 * acknowledged, until the service is gone.
 */
export function startLoad(baseUrl: string, name: string, connections = 16): Load {
  const acknowledged: string[] = [];
  const unavailable = new Map<string, number>();
  const unexpected: string[] = [];
  let sent = 0;
  let slowestMs = 0;
  let longestGapMs = 0;
  let acknowledgedAt = performance.now();
  let isFinishing = false;

  async function post(orderId: string): Promise<boolean> {
    const started = performance.now();
    const response = await fetch(`${baseUrl}/api/SaasTrackings`, {
      method: 'POST',
      body: JSON.stringify({ ...purchase, orderId }),
    });
    const text = await response.text();
    slowestMs = Math.max(slowestMs, performance.now() - started);
    if (response.ok) return true;
    const { detail } = JSON.parse(text);
    if (response.status === 503 && Number(response.headers.get('retry-after')) > 0) {
      unavailable.set(detail, (unavailable.get(detail) ?? 0) + 1);
    } else unexpected.push(`${response.status} ${text}`);
    return false;
  }

  async function purchaseOnce(orderId: string): Promise<void> {
    for (;;) {
      const answers = await Promise.all([post(orderId), post(orderId)]);
      if (answers.includes(true)) break;
      await pause(retryMs);
    }
    const now = performance.now();
    longestGapMs = Math.max(longestGapMs, now - acknowledgedAt);
    acknowledgedAt = now;
    acknowledged.push(orderId);
  }

  async function purchaseUntilGone(): Promise<void> {
    try {
      while (!isFinishing) await purchaseOnce(`${name}-${sent++}`);
    } catch {
      // It is gone.
    }
  }

  const gone = Promise.all(Array.from({ length: connections }, purchaseUntilGone));
  return {
    acknowledged,
    unavailable,
    unexpected,
    get slowestMs() {
      return slowestMs;
    },
    get longestGapMs() {
      return longestGapMs;
    },
    gone,
    async progress(count = 100, timeout = patience.timeout) {
      const goal = acknowledged.length + count;
      await expect.poll(() => acknowledged.length, { ...patience, timeout }).toBeGreaterThan(goal);
    },
    async finish() {
      isFinishing = true;
      await gone;
    },
  };
}

/** Every acknowledged purchase is among the stored ones, and none is there twice. */
export function expectEachOnce(stored: readonly string[], acknowledged: readonly string[]): void {
  const found = new Set(stored);
  expect(stored).toHaveLength(found.size);
  expect(acknowledged.filter((orderId) => !found.has(orderId))).toEqual([]);
}

/** Shows what was measured to who has asked for more than the usual test. */
export function reportFigures(load: Load, figures: Record<string, number> = {}): void {
  if (process.env.ONRAMP_KILLS === undefined) return;
  const { acknowledged, unavailable, slowestMs, longestGapMs } = load;
  console.log({ ...figures, acknowledged: acknowledged.length, slowestMs, longestGapMs, unavailable });
}
