import { expect } from '@playwright/test';
import type { Tab } from '../engines/engine.ts';
import { until } from '../engines/until.ts';
import type { Way } from '../support/gate.ts';
import type { Handling } from '../support/handlings.ts';
import { order } from './outcomes.ts';
import { type Scene, tabOf } from './scene.ts';
import type { Purchase, Receipt } from './situation.ts';

/** One thing that a person, a page, the network or the provider's server does. */
export type Step = (scene: Scene) => Promise<unknown>;

/** Opens a page, and waits for the script to run in it. */
export function goTo(choose: (scene: Scene) => string): Step {
  return async (scene) => {
    await tabOf(scene).goto(choose(scene));
    await untilReady(tabOf(scene));
  };
}

/** The stub has `arguments` in it, the script's own function hasn't. */
async function untilReady(tab: Tab): Promise<void> {
  await until('the script runs', () =>
    tab.run(() => !/arguments/.test(String(window.onrampTrack ?? 'arguments'))),
  );
}

export const arriveByLink = goTo(({ checkout }) => `${checkout}?onramp_ref=r-1`);
export const goToNextPage = goTo(({ next }) => next);

export const untilVisited: Step = ({ ledger }) =>
  until('the visit is recorded', async () => (await ledger.visits()).length > 0);

/** Comes by the marketplace's link; the visit is recorded before anything else goes on. */
export const land: Step = async (scene) => {
  await arriveByLink(scene);
  await untilVisited(scene);
};

/** Comes by the link to a page whose script may not come. */
export const openCheckout: Step = (scene) => tabOf(scene).goto(`${scene.checkout}?onramp_ref=r-1`);

export const goElsewhere: Step = (scene) => tabOf(scene).goto(scene.withoutTag);
export const reload: Step = async (scene) => {
  await tabOf(scene).reload();
  await untilReady(tabOf(scene));
};
export const goBack: Step = (scene) => tabOf(scene).back();

/** Calls onrampTrack with this, and waits for the receipt, which has to say so. */
export function buyThis(purchase: Purchase, status: Receipt['status'] = 'sent'): Step {
  return async (scene) => {
    const receipt = await tabOf(scene).run((given) => window.onrampTrack(given), purchase);
    expect(receipt.status, receipt.reason).toBe(status);
  };
}
export const buy = buyThis(order);

/** Runs in the page, from its source text, and has to give what is expected. */
export function inPage(source: () => unknown, expected?: unknown): Step {
  return async (scene) => {
    const result = await tabOf(scene).run(source);
    if (expected !== undefined) expect(result).toEqual(expected);
  };
}

/** The call and the departure are one task of the page, so nothing that waits a moment can happen. */
export const buyAndLeaveAtOnce: Step = async (scene) => {
  const { next } = scene;
  const tab = tabOf(scene);
  await tab.run(
    (given) => {
      void window.onrampTrack(given.order);
      location.href = given.next;
    },
    { order, next },
  );
  await until('the next page is there', async () => (await tab.address()) === next);
};

export const buyAndCloseAtOnce: Step = async (scene) => {
  await tabOf(scene).run((given) => void window.onrampTrack(given), order);
  await closeTab(scene);
};

export const closeTab: Step = async (scene) => {
  await tabOf(scene).close();
  scene.tab = undefined;
};

export const openTab: Step = async (scene) => {
  scene.tab = await scene.tabs.open();
};

export const untilPersisted: Step = (scene) =>
  until('the page is back from the cache', () => tabOf(scene).run(() => window.pageWatch.persisted));

/** From now on the network does this to what comes by these ways. */
export function network(ways: Way | Way[], handling: Handling, times?: number): Step {
  return async ({ gate }) => gate.handle(ways, handling, times);
}
export const bothWays: Way[] = ['beacon', 'image'];
export const freeNetwork: Step = async ({ gate }) => gate.free();
export const serviceGoesDown: Step = ({ gate }) => gate.close();
export const serviceComesBack: Step = ({ gate }) => gate.open();

/** Waits until so many messages of purchases have come to the gate by this way, whatever became of them. */
export function untilSeen(way: Way, count = 1): Step {
  return ({ gate }) =>
    until(`${count} by ${way} came`, () => {
      const seen = gate.passages.filter(
        (passage) => passage.way === way && passage.message.get('event') !== 'visit',
      );
      return seen.length >= count;
    });
}

/** Waits until the page itself has the answers to so many images: until then, they are under way for its browser. */
export function untilAnswered(count: number): Step {
  return (scene) =>
    until('images are answered', () =>
      tabOf(scene).run((wanted) => {
        const images = performance.getEntriesByType('resource').filter(({ name }) => name.includes('.gif?'));
        return images.length >= wanted;
      }, count),
    );
}

/** A browser that was offline says so; what offline means to the network is the gate's doing. */
export const comesOnline = inPage(() => void dispatchEvent(new Event('online')));

/** Time goes by, of the page's clock, which runs ten times as fast as ours. */
export function secondsLater(seconds: number): Step {
  return (scene) =>
    tabOf(scene).run((given) => new Promise<void>((done) => setTimeout(done, given * 1000)), seconds);
}

export const untilRecorded: Step = ({ ledger }) =>
  until('the purchase is recorded', async () => (await ledger.purchases()).length > 0);

/** Waits until the page itself knows that a purchase is recorded, of which a mark stays. */
export const untilProven: Step = (scene) =>
  until('a purchase is proven', () =>
    tabOf(scene).run(() =>
      Object.entries(localStorage).some(([key, text]) => key.startsWith('onramp_') && text === ''),
    ),
  );

/** The provider's backend tracks the same purchase by itself. */
export function serverReports(fields: object): Step {
  return async ({ service, provider: { partnerKey, secret } }) => {
    const response = await fetch(`${service.baseUrl}/api/SaasTrackings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ partnerKey, purchasedAt: new Date().toISOString(), ...fields }),
    });
    expect([200, 201]).toContain(response.status);
  };
}
