import { expect } from '@playwright/test';
import type { Action, Bought } from './actions.ts';
import { fieldsOf, serverFieldsOf } from './bought.ts';
import { arrive, close, leave } from './moves.ts';
import type { Play } from './play.ts';
import { addressOf, entryOf, type ModelTab } from './tab.ts';

export async function buy({ model }: Play, tab: ModelTab, bought: Bought): Promise<void> {
  const { page } = entryOf(tab);
  // Without the script, the stub would keep the call for as long as the page lives.
  if (!page) return;
  const calledAt = performance.now();
  const receipt = await tab.tab.run((given) => window.onrampTrack(given), fieldsOf(bought));
  // No receipt waits longer than 2 seconds for an image; one that was so late says nothing of what is to come.
  const isLate = performance.now() - calledAt > 2000;
  expect([...model.buy(page, bought), ...(isLate ? ['held'] : [])], receipt.reason).toContain(receipt.status);
}

/** The call and the departure are one task of the page, so nothing that waits a moment can happen. */
export async function buyAndOpen(
  play: Play,
  tab: ModelTab,
  { bought, page: next }: Extract<Action, { does: 'buys and opens at once' }>,
): Promise<void> {
  const { page } = entryOf(tab);
  if (!page) return;
  const address = addressOf(play.scenery, next, play.cookies);
  play.model.buy(page, bought);
  leave(play, tab);
  await tab.tab.run(
    (given) => {
      void window.onrampTrack(given.fields);
      location.href = given.address;
    },
    { fields: fieldsOf(bought), address },
  );
  await arrive(play, tab, address, next);
}

export async function buyAndClose(play: Play, tab: ModelTab, bought: Bought, number: number): Promise<void> {
  const { page } = entryOf(tab);
  if (!page) return;
  play.model.buy(page, bought);
  await tab.tab.run((given) => void window.onrampTrack(given), fieldsOf(bought));
  await close(play, tab, number);
}

export async function askForReferral({ model }: Play, tab: ModelTab): Promise<void> {
  const { page } = entryOf(tab);
  if (!page) return;
  const referral = await tab.tab.run(() => window.onrampTrack('referral'));
  expect(model.referralsOf(page), 'the referral that onrampTrack tells').toContain(referral?.id);
}

export async function consent({ model }: Play, tab: ModelTab): Promise<void> {
  const { page } = entryOf(tab);
  if (!page) return;
  await tab.tab.run(() => window.onrampTrack('consent', true));
  model.consent(page);
}

/** What the browser keeps is gone at once. Where storage is denied, the page reaches its cookie only. */
export async function withdrawConsent({ scenery, model }: Play, tab: ModelTab): Promise<void> {
  const { page } = entryOf(tab);
  if (!page) return;
  const left = await tab.tab.run(async (reachesStorage) => {
    await window.onrampTrack('consent', false);
    return [...document.cookie.split('; '), ...(reachesStorage ? Object.keys(localStorage) : [])];
  }, page.storage !== 'is denied');
  const own = left.filter((text) => text.startsWith(`onramp_${scenery.provider.partnerKey}`));
  expect(own, 'what is stored without consent').toEqual([]);
  model.withdrawConsent(page);
}

export async function serverReports({ scenery, model }: Play, bought: Bought): Promise<void> {
  // What only the browser stamped, the server can't name.
  if (bought.by === 'customer') return;
  const { partnerKey, secret } = scenery.provider;
  const response = await fetch(`${scenery.service.baseUrl}/api/SaasTrackings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ partnerKey, ...serverFieldsOf(bought) }),
  });
  expect([200, 201], 'the answer to the server').toContain(response.status);
  model.serverReports(bought);
}
