import { setTimeout as wait } from 'node:timers/promises';
import type { BrowserContext, Page } from '@playwright/test';
import { pageOf, shopPage } from '../page.ts';
import type { Order } from '../peers/peer.ts';
import type { BenchServer } from '../server/server.ts';
import type { Visit } from '../server/visit.ts';
import type { Scenario } from './scenarios.ts';

/** How long the next page is waited on: longer than the longest interval (5 s) in which a script sends what it stored. */
const nextPageMs = 8_000;
/** After this without an answer people call it an outage; it is also what a deploy of a server takes. */
const outageMs = 5_000;
/** A call on a page whose script has settled, after its page view and its own questions to the server. */
export const settledMs = 500;
/** Another copy of a conversion that has arrived comes within this: the longest batch interval is 5 s. */
export const copiesMs = 8_000;

/** Where one visit takes place. */
export interface Stage {
  scenario: Scenario;
  server: BenchServer;
  visit: Visit;
  context: BrowserContext;
  page: Page;
  order: Order;
  /** The page's statement that reports the order. */
  call: string;
  /** Whether an error has reached the page. */
  threw: boolean;
  /** The preflights of what was sent before the call. */
  preflightsBefore: number;
}

export type Delivered = 'on page' | 'at next page' | 'lost';

export async function openSettled(stage: Stage): Promise<void> {
  const { server, visit, page } = stage;
  await page.goto(server.page(visit, '/', shopPage(visit)));
  await visit.isQuiet(settledMs);
  stage.preflightsBefore = visit.preflights;
}

export async function atNextPage({ server, visit, page }: Stage): Promise<Delivered> {
  await page.goto(server.page(visit, '/next', shopPage(visit)));
  return (await visit.isDelivered(nextPageMs)) ? 'at next page' : 'lost';
}

/** Waits for more copies, and then for those that scripts send when the page is left. */
export async function seeCopies({ server, visit, page }: Stage): Promise<void> {
  await wait(copiesMs);
  await page.goto(server.page(visit, '/', pageOf(''), 'elsewhere'));
  await visit.isQuiet(settledMs);
}

export async function startOutage({ visit, context }: Stage, network: Visit['network']): Promise<void> {
  visit.network = network;
  // The browser knows when it is offline, and says so to the page; it can't know of a server that is down.
  if (network === 'down') await context.setOffline(true);
}

export async function endOutage({ visit, context }: Stage): Promise<void> {
  await wait(outageMs);
  visit.network = 'up';
  await context.setOffline(false);
}
