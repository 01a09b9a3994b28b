import type { Receipt } from '../../src/pixel/types.ts';
import type { Bought, NetworkState, PageSpec, Sequence } from './actions.ts';
import { keyOf } from './bought.ts';
import type { Certainty, Copy, Expected, Jar, ModelPage, Outbox, Visit } from './known.ts';
import { delivers } from './networks.ts';

export interface Model {
  expected: Expected;
  /** The way from the browser to the service, as it is now. */
  network: { beacon: NetworkState; image: NetworkState };
  load(spec: PageSpec): ModelPage;
  /** onrampTrack is called: which status its receipt has. */
  buy(page: ModelPage, bought: Bought): Receipt['status'];
  consent(page: ModelPage): void;
  withdrawConsent(page: ModelPage): void;
  /** The page looks after what waits: at load, back online or back from the back/forward cache. */
  lookAfter(page: ModelPage): void;
  leave(page: ModelPage): void;
  serverReports(bought: Bought): void;
  referralOf(page: ModelPage): string | undefined;
  /** The ledger was seen to hold what was asked for. */
  settle(): void;
}

const allowedIn = {
  'is free': 'everything',
  'needs consent': 'nothing',
  'is asked for by GPC': 'purchases',
} as const;

export function createModel({ cookies }: Pick<Sequence, 'cookies'>): Model {
  const copies: Copy[] = [];
  const visits: Visit[] = [];
  const byServer: Bought[] = [];
  const network: Model['network'] = { beacon: 'works', image: 'works' };
  const browserOutbox: Outbox = [];
  const browserJar: Jar = {};

  /** Where the page's sendBeacon swallows it, no network sees it. */
  const beaconDelivers = ({ beacons }: ModelPage) => beacons === 'work' && delivers(network.beacon);
  /** A beacon that isn't taken is an image at once. */
  const takesBeacons = ({ beacons }: ModelPage) => beacons === 'work' || beacons === 'are swallowed';
  function firstTry(page: ModelPage, otherwise: Certainty): Certainty {
    if (takesBeacons(page)) return beaconDelivers(page) ? 'arrived' : otherwise;
    return delivers(network.image) ? 'asked' : otherwise;
  }

  /** A visit is sent once, and a referral that can't be stored counts no longer than its page. */
  function capture(page: ModelPage, referral: string): void {
    if (page.jar.referral === referral) return;
    page.visit = { referral, certainty: firstTry(page, 'possible') };
    visits.push(page.visit);
    // Full is full, but one id fits in the place of another of the same length; and a page's memory takes all.
    const isFull = page.storage === 'is full' && page.outbox === browserOutbox;
    const fits = cookies === 'work' || !isFull || page.jar.referral;
    if (fits) page.jar.referral = referral;
  }

  /** Does what the page may do by now, and hasn't done yet. */
  function proceed(page: ModelPage): void {
    if (page.allowed === 'nothing') return;
    if (page.allowed === 'everything' && page.landing) {
      capture(page, page.landing);
      page.landing = undefined;
    }
    for (const bought of page.held.splice(0)) model.buy(page, bought);
    model.lookAfter(page);
  }

  function storesOf({ storage }: PageSpec): Pick<ModelPage, 'outbox' | 'jar'> {
    const denied = storage === 'is denied';
    return { outbox: denied ? [] : browserOutbox, jar: denied && cookies !== 'work' ? {} : browserJar };
  }

  const model: Model = {
    expected: { copies, visits, byServer },
    network,
    load(spec) {
      const page: ModelPage = { ...spec, ...storesOf(spec), held: [], allowed: allowedIn[spec.privacy] };
      page.landing = spec.referral;
      proceed(page);
      return page;
    },
    consent(page) {
      page.allowed = 'everything';
      proceed(page);
    },
    withdrawConsent(page) {
      // What has been handed to the network arrives; all else may.
      for (const copy of [...page.outbox, ...(page.storage === 'is denied' ? [] : browserOutbox)]) {
        if (copy.certainty !== 'arrived') copy.certainty = 'possible';
      }
      const stores = storesOf(page);
      stores.outbox.length = 0;
      stores.jar.referral = undefined;
      // The page is as one that has come by its link and has no consent yet.
      Object.assign(page, stores, { allowed: 'nothing', held: [], landing: page.referral });
    },
    buy(page, bought) {
      if (page.allowed === 'nothing') {
        page.held.push(bought);
        return 'held';
      }
      if (page.outbox.some((copy) => keyOf(copy.bought) === keyOf(bought))) return 'duplicate';
      // From the first purchase that doesn't fit, the page goes on with a copy of what is stored.
      if (page.storage === 'is full' && page.outbox === browserOutbox) {
        page.outbox = [...browserOutbox];
        if (cookies !== 'work') page.jar = { ...browserJar };
      }
      const kept = page.outbox === browserOutbox;
      const copy: Copy = {
        bought,
        referral: model.referralOf(page),
        certainty: firstTry(page, kept ? 'due' : 'possible'),
      };
      page.outbox.push(copy);
      copies.push(copy);
      // Where only the image can take it, its answer decides.
      return kept || takesBeacons(page) || network.image === 'works' ? 'sent' : 'held';
    },
    lookAfter({ outbox, allowed }) {
      if (allowed === 'nothing' || !delivers(network.image)) return;
      for (const copy of outbox) if (copy.certainty !== 'arrived') copy.certainty = 'asked';
    },
    leave(page) {
      if (page.visit?.certainty === 'asked') page.visit.certainty = 'possible';
      for (const copy of page.outbox) {
        if (copy.certainty === 'asked') copy.certainty = browserOutbox.includes(copy) ? 'due' : 'possible';
        if (beaconDelivers(page) && page.allowed !== 'nothing') copy.certainty = 'arrived';
      }
    },
    serverReports: (bought) => void byServer.push(bought),
    referralOf: ({ jar, allowed }) => (allowed === 'everything' ? jar.referral : undefined),
    settle() {
      for (const message of [...copies, ...visits]) {
        if (message.certainty === 'asked') message.certainty = 'arrived';
      }
    },
  };
  return model;
}
