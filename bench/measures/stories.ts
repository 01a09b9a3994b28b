import { setTimeout as wait } from 'node:timers/promises';
import { pageOf, shopPage } from '../page.ts';
import type { Conversion } from '../peers/peer.ts';
import type { Story } from './scenarios.ts';
import {
  atNextPage,
  copiesMs,
  type Delivered,
  endOutage,
  openSettled,
  type Stage,
  seeCopies,
  settledMs,
  startOutage,
} from './stage.ts';

/** How long the visitor stays: time for three or four retries of the scripts that retry. */
const staysMs = 20_000;
/** How long what left with the page may take: a beacon needs milliseconds, a dead page can't send later. */
const leftMs = 5_000;
/** The script comes after the page's own code has called. */
const lateScriptMs = 1_000;

export interface Ending {
  delivered: Delivered;
  /** Distinct conversions that were counted, where the story is about that. */
  counted?: number;
}

export const stories: Record<Story, (stage: Stage) => Promise<Ending>> = { stay, leave, reload, early };

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

/** Copies with the same event id are one; without an id, nothing tells the copies of one from two. */
function countDistinct(arrivals: Conversion[]): number {
  return new Set(arrivals.map(({ eventId }, index) => eventId ?? index)).size;
}
