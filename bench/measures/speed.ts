import type { Browser, Page } from '@playwright/test';
import { desktop } from '../browser.ts';
import { pageOf, shopPage } from '../page.ts';
import type { Peer } from '../peers/peer.ts';
import type { Speed } from '../results.ts';
import type { BenchServer } from '../server/server.ts';
import type { Visit } from '../server/visit.ts';
import { quietMs, timeCall, traceStart } from './calls.ts';
import { median } from './median.ts';
import { shift, spreadOf } from './spread.ts';
import { traceScripts } from './trace.ts';
import { inTurns } from './turns.ts';

/** A batch that takes longer is work that nobody waits for. */
const workWithinMs = 1_500;

type Sample = Record<keyof Speed, number>;

/**
 * Each script on pages of its own, one after the other, each in a fresh profile: so every start and every call
 * is a first one, as on the page after a checkout.
 */
export async function measureSpeed(
  browser: Browser,
  server: BenchServer,
  peers: Peer[],
  rounds: number,
  report: (doing: string) => void,
): Promise<Map<Peer, Speed>> {
  const emptyPages: number[] = [];
  // The browser's own first page isn't measured.
  await sampleEmpty(browser, server, peers);
  const samples = await inTurns(
    peers,
    rounds,
    (peer) => sample(browser, server, server.startVisit(peer)),
    async (round) => {
      report(`round ${round + 1} of ${rounds}`);
      emptyPages.push(await sampleEmpty(browser, server, peers));
    },
  );
  const emptyPage = median(emptyPages);
  return new Map(peers.map((peer) => [peer, summarize(peer, samples.get(peer) ?? [], emptyPage)]));
}

function summarize(peer: Peer, samples: Sample[], emptyPage: number): Speed {
  const spread = (name: keyof Sample) => spreadOf(samples.map((found) => found[name]));
  const start = { startMs: spread('startMs'), heapBytes: shift(spread('heapBytes'), -emptyPage) };
  return peer.convert ? { ...start, callMs: spread('callMs'), workMs: spread('workMs') } : start;
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
  const startMs = await traceStart(browser, page, visit, address);
  const heapBytes = await usedHeap(page);
  let callMs = 0;
  const workMs = await traceScripts(browser, page, async () => {
    const call = isEmpty ? undefined : await timeCall(page, visit);
    if (!call) return;
    if (call.threw) throw new Error(`${visit.peer.title}: the call threw, and so it was none`);
    ({ callMs } = call);
    await visit.isDelivered(workWithinMs);
    await visit.isQuiet(quietMs);
  });
  await context.close();
  return { startMs, heapBytes, callMs, workMs };
}

async function usedHeap(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return usedSize;
}
