import { unavailable } from '../../support/handlings.ts';
import { once, onceWith, order, recorded } from '../outcomes.ts';
import { putPage } from '../pages.ts';
import { type Scene, tabOf } from '../scene.ts';
import type { Theme } from '../situation.ts';
import {
  bothWays,
  buy,
  buyThis,
  freeNetwork,
  goBack,
  goElsewhere,
  goTo,
  goToNextPage,
  inPage,
  land,
  network,
  reload,
  serverReports,
  untilAnswered,
  untilPersisted,
  untilRecorded,
  untilSeen,
} from '../steps.ts';

const { serviceName, customerId } = order;
const onServer = { ...order, amount: 49.9, currency: 'EUR' };
const merged = onceWith("with the server's amount, level `server` and the browser's referral", {
  trust: 'server',
  amount: '49.9',
  currency: 'EUR',
});

/** Two tabs open the page that tracks by itself. */
async function openTwice(scene: Scene): Promise<void> {
  const tabs = [tabOf(scene), await scene.tabs.open()];
  await Promise.all(tabs.map((tab) => tab.goto(scene.next)));
}

/** The tag on the provider's other host. */
const goToApp = goTo(({ app, gate, provider }) => putPage(app, '/app', gate.origin, provider.partnerKey));

/** Another provider on the same domain has a tag of its own, and its own referral. */
async function meetOtherProvider(scene: Scene): Promise<void> {
  const { app, gate, service } = scene;
  const other = await service.addProvider(`other ${app.origin}`, app.origin);
  const address = putPage(app, '/other', gate.origin, other.partnerKey);
  await goTo(() => `${address}?onramp_ref=theirs`)(scene);
}

export const journeys: Theme = {
  name: 'Journeys',
  situations: [
    {
      name: 'the thank-you page is reloaded',
      page: { attributes: { ...order, track: 'purchase' } },
      steps: [land, untilRecorded, reload, buyThis(order, 'duplicate')],
    },
    {
      name: 'the customer goes back to the thank-you page',
      engineDecides: true,
      keptPages: true,
      page: { attributes: { ...order, track: 'purchase' } },
      steps: [land, untilRecorded, goElsewhere, goBack],
    },
    {
      name: 'the page comes back from the back/forward cache, and nothing had arrived',
      engineDecides: true,
      keptPages: true,
      page: { headers: { 'cache-control': 'no-cache' } },
      steps: [
        land,
        // Answered at once: Firefox keeps no page that has a request under way.
        network(bothWays, unavailable),
        buy,
        untilSeen('image'),
        // The next one after these is far enough away that none is under way when the page is left.
        untilAnswered(3),
        goElsewhere,
        freeNetwork,
        goBack,
        untilPersisted,
      ],
    },
    {
      name: 'the thank-you page is open in two tabs',
      engineDecides: true,
      page: { attributes: { ...order, track: 'purchase' } },
      steps: [land, openTwice],
    },
    {
      name: 'the thank-you page is open in two tabs, and the purchase has no order id',
      page: { attributes: { serviceName, customerId, track: 'purchase' } },
      steps: [land, openTwice],
      outcome: { ...once, purchases: [{ ...recorded, orderId: undefined }] },
    },
    {
      name: 'one customer buys twice',
      steps: [land, buy, buyThis({ ...order, orderId: 'o-2' })],
      outcome: { says: 'each once', visits: 1, purchases: [recorded, { ...recorded, orderId: 'o-2' }] },
    },
    {
      name: "the provider's server reports it first",
      steps: [serverReports(onServer), land, buy],
      outcome: merged,
    },
    {
      name: "the provider's server reports it afterwards",
      steps: [land, buy, untilRecorded, serverReports(onServer)],
      outcome: merged,
    },
    {
      name: 'the landing is on www. and the purchase on app.',
      engineDecides: true,
      steps: [land, goToApp, buy],
    },
    {
      name: 'another provider on the same domain has a referral of its own',
      steps: [land, meetOtherProvider, goToNextPage, buy],
      outcome: { ...once, stored: /^onramp_/ },
    },
    {
      name: 'the visitor came without a link',
      steps: [goToNextPage, buy],
      outcome: {
        says: 'once, without referral',
        purchases: [{ ...recorded, referral: undefined, referralSource: undefined }],
      },
    },
    {
      name: 'the referral is asked for on the next page',
      steps: [land, goToNextPage, inPage(async () => (await window.onrampTrack('referral'))?.id, 'r-1'), buy],
    },
  ],
};
