import type { Browser } from '@playwright/test';
import { desktop } from '../browser.ts';
import { newOrder } from '../page.ts';
import type { Peer } from '../peers/peer.ts';
import type { BenchServer } from '../server/server.ts';
import type { Scenario } from './scenarios.ts';
import { type Ending, stories } from './stories.ts';

/** A script that can take part. */
export type ConvertingPeer = Peer & Required<Pick<Peer, 'convert'>>;

/** How one visit ended. */
export interface Outcome extends Ending {
  threw: boolean;
  /** Requests that carried the conversion, and preflights since the call. */
  carrying: number;
  preflights: number;
}

/** One visitor in a fresh profile. */
export async function runVisit(
  browser: Browser,
  server: BenchServer,
  peer: ConvertingPeer,
  scenario: Scenario,
): Promise<Outcome> {
  const context = await browser.newContext(desktop);
  try {
    if (scenario.spoil) await context.addInitScript(scenario.spoil);
    const page = await context.newPage();
    const visit = server.startVisit(peer);
    visit.network = scenario.network ?? 'up';
    const order = newOrder();
    const call = peer.convert(order);
    const stage = { scenario, server, visit, context, page, order, call, threw: false, preflightsBefore: 0 };
    page.on('pageerror', () => {
      stage.threw = true;
    });
    const ending = await stories[scenario.story](stage);
    const { arrivals, preflights } = visit;
    return {
      ...ending,
      threw: stage.threw,
      carrying: arrivals.length,
      preflights: preflights - stage.preflightsBefore,
    };
  } finally {
    await context.close();
  }
}
