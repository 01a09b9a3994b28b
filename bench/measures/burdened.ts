import type { Browser } from '@playwright/test';
import { desktop } from '../browser.ts';
import { pageOf, shopPage } from '../page.ts';
import type { Peer } from '../peers/peer.ts';
import type { Burdened } from '../results.ts';
import type { BenchServer } from '../server/server.ts';
import { type Burden, burdens } from './burdens.ts';
import { type Call, timeCall, traceStart } from './calls.ts';
import { spreadOf } from './spread.ts';
import { inTurns } from './turns.ts';

interface Sample extends Call {
  startMs: number;
}

/**
 * Scripts on a site that keeps much in the browser: what the start of a page costs that tracks nothing, and then the
 * first call.
 */
export async function measureBurdened(
  browser: Browser,
  server: BenchServer,
  peers: Peer[],
  rounds: number,
  report: (doing: string) => void,
): Promise<Map<Peer, Record<string, Burdened>>> {
  const converting = peers.filter(({ convert }) => convert);
  const found = new Map(converting.map((peer) => [peer, {} as Record<string, Burdened>]));
  for (const burden of burdens) {
    report(burden.title);
    const samples = await inTurns(converting, rounds, (peer) => sample(browser, server, peer, burden));
    for (const [peer, ofPeer] of samples)
      Object.assign(found.get(peer) ?? {}, { [burden.id]: summarize(ofPeer) });
  }
  return found;
}

function summarize(samples: Sample[]): Burdened {
  return {
    startMs: spreadOf(samples.map(({ startMs }) => startMs)),
    callMs: spreadOf(samples.map(({ callMs }) => callMs)),
    threw: samples.filter(({ threw }) => threw).length,
  };
}

/** A returning visitor: another page of the site has filled the browser, and is closed. */
async function sample(browser: Browser, server: BenchServer, peer: Peer, { fill }: Burden): Promise<Sample> {
  const visit = server.startVisit(peer);
  const context = await browser.newContext(desktop);
  const before = await context.newPage();
  await before.goto(server.page(visit, '/before', pageOf('')));
  await before.evaluate(fill);
  await before.close();
  const page = await context.newPage();
  const startMs = await traceStart(browser, page, visit, server.page(visit, '/', shopPage(visit)));
  const { callMs, threw } = (await timeCall(page, visit)) ?? { callMs: Number.NaN, threw: false };
  await context.close();
  return { startMs, callMs, threw };
}
