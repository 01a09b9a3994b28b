import type { Browser, Page } from '@playwright/test';
import { desktop } from '../browser.ts';
import { newOrder, pageOf, shopPage } from '../page.ts';
import type { Peer } from '../peers/peer.ts';
import type { Speed } from '../results.ts';
import type { BenchServer } from '../server/server.ts';
import type { Visit } from '../server/visit.ts';
import { median } from './median.ts';
import { traceScripts } from './trace.ts';

/** Longer than what scripts put their start and their work off by, but for batches of seconds. */
const quietMs = 300;
/** A batch that takes longer is work that nobody waits for. */
const workWithinMs = 1_500;

type Sample = Required<Speed>;

/**
 * Each script on pages of its own, one after the other, each in a fresh profile: so every start and every call
 * is a first one, as on the page after a checkout. The scripts take turns, another one first in each round, so
 * that what else the machine does hits all alike.
 */
export async function measureSpeed(
  browser: Browser,
  server: BenchServer,
  peers: Peer[],
  rounds: number,
  report: (doing: string) => void,
): Promise<Map<Peer, Speed>> {
  const samples = new Map(peers.map((peer) => [peer, [] as Sample[]]));
  const emptyPages: number[] = [];
  // The browser's own first page isn't measured.
  await sampleEmpty(browser, server, peers);
  for (let round = 0; round < rounds; round++) {
    report(`round ${round + 1} of ${rounds}`);
    for (const peer of [...peers.slice(round % peers.length), ...peers.slice(0, round % peers.length)]) {
      samples.get(peer)?.push(await sample(browser, server, server.startVisit(peer)));
    }
    emptyPages.push(await sampleEmpty(browser, server, peers));
  }
  return new Map(peers.map((peer) => [peer, summarize(peer, samples.get(peer) ?? [], median(emptyPages))]));
}

function summarize(peer: Peer, samples: Sample[], emptyPage: number): Speed {
  const middle = (name: keyof Sample) => median(samples.map((found) => found[name]));
  const start = { startMs: middle('startMs'), heapBytes: middle('heapBytes') - emptyPage };
  return peer.convert ? { ...start, callMs: middle('callMs'), workMs: middle('workMs') } : start;
}

/** The heap of a page without a tracking script. */
async function sampleEmpty(browser: Browser, server: BenchServer, [anyPeer]: Peer[]): Promise<number> {
  if (!anyPeer) return Number.NaN;
  const { heapBytes } = await sample(browser, server, server.startVisit(anyPeer), true);
  return heapBytes;
}

async function sample(browser: Browser, server: BenchServer, visit: Visit, isEmpty = false): Promise<Sample> {
  const context = await browser.newContext(desktop);
  const page = await context.newPage();
  const address = server.page(visit, '/', isEmpty ? pageOf('') : shopPage(visit));
  const startMs = await traceScripts(browser, page, async () => {
    await page.goto(address);
    await visit.isQuiet(quietMs);
  });
  const heapBytes = await usedHeap(page);
  let callMs = 0;
  const workMs = await traceScripts(browser, page, async () => {
    if (!isEmpty) callMs = await timeCall(page, visit);
  });
  await context.close();
  return { startMs, heapBytes, callMs, workMs };
}

/**
 * With the clock of an isolated page, which goes in steps of 5 µs; from a task of the page's own, since what the
 * bench evaluates doesn't count as the page's work.
 */
async function timeCall(page: Page, visit: Visit): Promise<number> {
  const call = visit.peer.convert?.(newOrder());
  if (!call) return 0;
  const callMs: number = await page.evaluate(`new Promise((called) => {
    setTimeout(() => {
      const started = performance.now();
      ${call};
      called(performance.now() - started);
    });
  })`);
  await visit.isDelivered(workWithinMs);
  await visit.isQuiet(quietMs);
  return callMs;
}

async function usedHeap(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return usedSize;
}
