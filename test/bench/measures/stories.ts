import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { desktop } from '../browser.ts';
import { newOrder, pageOf, shopPage } from '../page.ts';
import type { Conversion, Order, Peer } from '../peers/peer.ts';
import type { BenchServer } from '../server/server.ts';
import type { Visit } from '../server/visit.ts';
import type { Scenario } from './scenarios.ts';

/** How long the visitor stays: time for three or four retries of the scripts that retry. */
const staysMs = 20_000;
/** How long what left with the page may take: a beacon needs milliseconds, a dead page can't send later. */
const leftMs = 5_000;
/** How long the next page is waited on: twice the longest interval in which a script sends what it stored. */
const nextPageMs = 10_000;
/** After this without an answer people call it an outage; it is also what a deploy of a server takes. */
const outageMs = 5_000;
/** A call on a page whose script has settled, after its page view and its own questions to the server. */
const settledMs = 500;
/** Another copy of a conversion that has arrived comes within this: the longest batch interval is 5 s. */
const copiesMs = 8_000;
/** The script comes after the page's own code has called. */
const lateScriptMs = 1_000;

/** How one visit ended. */
export interface Outcome {
  delivered: 'on page' | 'at next page' | 'lost';
  threw: boolean;
  /** Distinct conversions counted, where the visit was long enough to tell. */
  counted?: number;
  /** Requests that carried the conversion, and preflights since the call, where nothing went wrong. */
  carrying: number;
  preflights: number;
}

type Ending = Pick<Outcome, 'delivered'> & { counted?: number };

interface Stage {
  scenario: Scenario;
  server: BenchServer;
  visit: Visit;
  context: BrowserContext;
  page: Page;
  order: Order;
  call: string;
  /** Whether an error has reached the page. */
  threw: boolean;
  preflightsBefore: number;
}

/** One visitor in a fresh profile. */
export async function runVisit(
  browser: Browser,
  server: BenchServer,
  peer: Peer & Required<Pick<Peer, 'convert'>>,
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

const stories = { stay, leave, reload, early };

async function stay(stage: Stage): Promise<Ending> {
  const { scenario, visit, page, call } = stage;
  await openSettled(stage);
  if (scenario.outage) await startOutage(stage, scenario.outage);
  stage.threw ||= await page.evaluate(`(() => { try { ${call} } catch { return true } return false })()`);
  if (scenario.outage) await endOutage(stage);
  const onPage = await visit.isDelivered(staysMs);
  if (onPage && scenario.id === 'works') await seeCopies(stage);
  return { delivered: onPage ? 'on page' : await atNextPage(stage) };
}

async function leave(stage: Stage): Promise<Ending> {
  const { server, visit, page, order } = stage;
  const call = visit.peer.convertAndLeave?.(order) ?? stage.call;
  await openSettled(stage);
  const elsewhere = server.page(visit, '/', pageOf(''), 'elsewhere');
  // The page may be gone before it can answer.
  await page.evaluate(`${call}; location.href = '${elsewhere}'`).catch(() => {});
  await page.waitForURL(elsewhere);
  return { delivered: (await visit.isDelivered(leftMs)) ? 'on page' : await atNextPage(stage) };
}

async function reload(stage: Stage): Promise<Ending> {
  const { server, visit, page, order, call } = stage;
  await page.goto(server.page(visit, '/', shopPage(visit, call)));
  const onPage = await visit.isDelivered(staysMs);
  await visit.isQuiet(settledMs);
  await page.reload();
  await wait(copiesMs);
  const counted = visit.peer.count ? await visit.peer.count(order.id) : countDistinct(visit.arrivals);
  return { delivered: onPage ? 'on page' : 'lost', counted };
}

async function early({ server, visit, page, call }: Stage): Promise<Ending> {
  visit.scriptDelayMs = lateScriptMs;
  await page.goto(server.page(visit, '/', shopPage(visit, call)));
  return { delivered: (await visit.isDelivered(staysMs)) ? 'on page' : 'lost' };
}

async function openSettled(stage: Stage): Promise<void> {
  const { server, visit, page } = stage;
  await page.goto(server.page(visit, '/', shopPage(visit)));
  await visit.isQuiet(settledMs);
  stage.preflightsBefore = visit.preflights;
}

async function atNextPage({ server, visit, page }: Stage): Promise<Outcome['delivered']> {
  await page.goto(server.page(visit, '/next', shopPage(visit)));
  return (await visit.isDelivered(nextPageMs)) ? 'at next page' : 'lost';
}

/** Waits for more copies, and then for those that scripts send when the page is left. */
async function seeCopies({ server, visit, page }: Stage): Promise<void> {
  await wait(copiesMs);
  await page.goto(server.page(visit, '/', pageOf(''), 'elsewhere'));
  await visit.isQuiet(settledMs);
}

async function startOutage({ visit, context }: Stage, network: Visit['network']): Promise<void> {
  visit.network = network;
  // The browser knows when it is offline, and says so to the page; it can't know of a server that is down.
  if (network === 'down') await context.setOffline(true);
}

async function endOutage({ visit, context }: Stage): Promise<void> {
  await wait(outageMs);
  visit.network = 'up';
  await context.setOffline(false);
}

/** Copies with the same event id are one; without an id, nothing tells the copies of one from two. */
function countDistinct(arrivals: Conversion[]): number {
  return new Set(arrivals.map(({ eventId }, index) => eventId ?? index)).size;
}
