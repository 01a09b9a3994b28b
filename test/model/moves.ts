import { expect } from '@playwright/test';
import type { PageSpec } from './actions.ts';
import { compareWithModel } from './compare.ts';
import type { Model } from './model.ts';
import { handlings } from './networks.ts';
import type { Play } from './play.ts';
import { addressOf, entryOf, type ModelTab, untilThere } from './tab.ts';

/** Waits until the ledger is as the model says, as far as it says so now. */
export async function settle({ scenery, model, startedAt, patienceMs }: Play): Promise<void> {
  await expect(() => compareWithModel(scenery.ledger, model.expected, startedAt)).toPass({
    timeout: patienceMs,
    intervals: [20],
  });
  model.settle();
}

/** What is under way arrives first: else it would be chance which network it meets. */
export async function changeNetwork(play: Play, network: Model['network']): Promise<void> {
  const { scenery, model } = play;
  await settle(play);
  await scenery.gate.open();
  for (const way of ['beacon', 'image'] as const) scenery.gate.handle(way, handlings[network[way]]);
  Object.assign(model.network, network);
}

export async function open(play: Play, page: PageSpec, number: number): Promise<void> {
  const { scenery, tabs, cookies } = play;
  const tab = tabs.get(number) ?? { tab: await scenery.tabPool.take(), history: [], position: -1 };
  tabs.set(number, tab);
  leave(play, tab);
  const address = addressOf(scenery, page, cookies);
  await tab.tab.goto(address);
  await arrive(play, tab, address, page);
}

/** The person goes on: what lay ahead in the tab's history is forgotten. */
export async function arrive(play: Play, tab: ModelTab, address: string, spec?: PageSpec): Promise<void> {
  tab.history.splice(++tab.position, Number.POSITIVE_INFINITY, { address, spec, loadedAt: 0 });
  await see(play, tab);
}

/** Looks which page is there, and whether it is the one that was left or has been loaded anew. */
async function see({ model }: Play, tab: ModelTab): Promise<void> {
  const entry = entryOf(tab);
  const { runs, loadedAt } = await untilThere(tab, entry.address, Boolean(entry.spec));
  if (entry.loadedAt === loadedAt) {
    if (entry.page) model.lookAfter(entry.page);
    return;
  }
  entry.loadedAt = loadedAt;
  // The service was down, and the browser had no copy of the script.
  entry.page = entry.spec && runs ? model.load(entry.spec) : undefined;
  if (!entry.page?.thanks) return;
  const statuses = model.buy(entry.page, entry.page.thanks);
  const receipt = await tab.tab.run(() => window.thanks);
  // The stub doesn't wait for a script that is slow.
  expect([...statuses, 'held'], 'receipt of a page that tracks at load').toContain(receipt?.status);
}

export function leave({ model }: Play, tab: ModelTab): void {
  const page = tab.history[tab.position]?.page;
  if (page) model.leave(page);
}

export async function leaveForPlainPage(play: Play, tab: ModelTab): Promise<void> {
  leave(play, tab);
  const address = `${play.scenery.plainPage}?n=${tab.history.length}`;
  await tab.tab.goto(address);
  await arrive(play, tab, address);
}

export async function reload(play: Play, tab: ModelTab): Promise<void> {
  leave(play, tab);
  await tab.tab.reload();
  await see(play, tab);
}

export async function goBack(play: Play, tab: ModelTab): Promise<void> {
  if (tab.position === 0) return;
  leave(play, tab);
  await tab.tab.back();
  tab.position--;
  await see(play, tab);
}

export async function close(play: Play, tab: ModelTab, number: number): Promise<void> {
  leave(play, tab);
  play.tabs.delete(number);
  await tab.tab.close();
}

export async function comeOnline({ model }: Play, tab: ModelTab): Promise<void> {
  const { page } = entryOf(tab);
  await tab.tab.run(() => void dispatchEvent(new Event('online')));
  if (page) model.lookAfter(page);
}
