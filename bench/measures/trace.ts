import type { Browser, Page } from '@playwright/test';

/**
 * JavaScript in Chromium's timeline: scripts, callbacks, timers, and what promises continue with, which is in none
 * of FunctionCall and DevTools' ScriptDuration, but in the call from outside that ends with it.
 */
const scripting = new Set([
  'v8.compile',
  'v8.run',
  'v8.callFunction',
  'EvaluateScript',
  'FunctionCall',
  'TimerFire',
  'RunMicrotasks',
]);

/** An event of Chromium's trace; times are in microseconds. */
interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
}

/** How long the page's main thread runs JavaScript while this goes on, in milliseconds. */
export async function traceScripts(browser: Browser, page: Page, work: () => Promise<void>): Promise<number> {
  await browser.startTracing(page, { categories: ['devtools.timeline', 'v8'] });
  await work();
  const { traceEvents }: { traceEvents: TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString());
  return outermostMicroseconds(traceEvents.filter(({ name }) => scripting.has(name))) / 1_000;
}

/** Events contain others: a script's run holds its compiling and the callbacks that it calls. */
function outermostMicroseconds(events: TraceEvent[]): number {
  const ends = new Map<string, number>();
  let sum = 0;
  for (const { pid, tid, ts, dur = 0 } of events.toSorted((one, other) => one.ts - other.ts)) {
    const thread = `${pid}.${tid}`;
    const end = ends.get(thread) ?? 0;
    sum += Math.max(0, ts + dur - Math.max(ts, end));
    ends.set(thread, Math.max(end, ts + dur));
  }
  return sum;
}
