import { expect } from '@playwright/test';
import { compareLedger } from '../support/compareLedger.ts';
import type { Row } from '../support/ledger.ts';
import { once, order } from './outcomes.ts';
import type { PageReport } from './pageWatch.ts';
import type { Scene } from './scene.ts';
import type { Outcome, Situation } from './situation.ts';
import { buy, goToNextPage, land, openTab } from './steps.ts';

const soon = { timeout: 15_000, intervals: [50] };

/** Plays a situation, and asserts its outcome and that the page, the browser and the ledger are left in order. */
export async function play(scene: Scene, { steps = [land, buy], outcome = once }: Situation): Promise<void> {
  const startedAt = Date.now();
  for (const step of steps) await step(scene);
  await expect(() => compareLedger(scene.ledger, outcome)).toPass(soon);

  // The fault is over now, and the customer may have left: whatever waits still has every chance.
  scene.gate.free();
  await scene.gate.open();
  if (!scene.tab) {
    await openTab(scene);
    await goToNextPage(scene);
  }
  await expect(async () => expectInOrder(await report(scene), scene, outcome)).toPass(soon);
  expect([...scene.site.posted, ...scene.app.posted].filter((text) => text.startsWith('complaint'))).toEqual(
    [],
  );
  await scene.tabs.closeAll();

  // Pages may show its pictures.
  const told = scene.stranger.requested.filter((path) => path !== '/picture.png');
  expect(told, 'what a stranger was told').toEqual([]);
  expectTimes(await compareLedger(scene.ledger, outcome), startedAt);
}

function report({ tab }: Scene): Promise<PageReport> {
  if (!tab) throw new Error('no tab is open');
  return tab.run(() => window.pageWatch.report());
}

function expectInOrder(
  report: PageReport,
  { provider }: Scene,
  { waiting = 0, stored, storesNothing }: Outcome,
): void {
  const { complaints, globals, localStorage, cookies, elsewhere } = report;
  expect({ complaints, globals, elsewhere }).toEqual({ complaints: [], globals: [], elsewhere: [] });
  if (storesNothing) expect({ cookies, localStorage }).toEqual({ cookies: [], localStorage: {} });
  const name = `onramp_${provider.partnerKey}`;
  const own = (text: string) => !stored?.test(text);
  expect(cookies.filter(own).filter((cookie) => cookie !== name)).toEqual([]);
  const entries = Object.entries(localStorage).filter(([key]) => own(key));
  const isMark = ([key, text]: [string, string]) => !text && /^\.\d{13}\.\d+$/.test(key.slice(name.length));
  const unmarked = entries.filter((entry) => !isMark(entry));
  expect(unmarked.map(([key]) => key).filter((key) => !key.startsWith(`${name}.`))).toEqual([]);
  expect(unmarked).toHaveLength(waiting);
}

/** Each purchase has the time at which it was made, whatever the browser's clock says. */
function expectTimes(purchases: Row[], startedAt: number): void {
  for (const { purchasedAt, orderId } of purchases) {
    if (orderId !== order.orderId) continue;
    const madeAt = Date.parse(String(purchasedAt));
    // The wire takes a moment.
    expect(madeAt).toBeGreaterThan(startedAt - 1000);
    expect(madeAt).toBeLessThan(Date.now() + 1000);
  }
}
