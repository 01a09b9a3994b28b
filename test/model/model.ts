import type { Receipt } from '../../src/pixel/types.ts';
import type { Bought, NetworkState, PageSpec, Sequence } from './actions.ts';
import { keyOf } from './bought.ts';
import type { Browser, Certainty, Copy, Expected, ModelPage, Visit } from './known.ts';
import { delivers } from './networks.ts';

type Status = Receipt['status'];

export interface Model {
  expected: Expected;
  /** The way from the browser to the service, as it is now. */
  network: { beacon: NetworkState; image: NetworkState };
  load(spec: PageSpec): ModelPage;
  /** onrampTrack is called: which status its receipt may have. */
  buy(page: ModelPage, bought: Bought): Status[];
  consent(page: ModelPage): void;
  withdrawConsent(page: ModelPage): void;
  /** The page looks after what waits: after its load, back online or back from the back/forward cache. */
  lookAfter(page: ModelPage): void;
  leave(page: ModelPage): void;
  serverReports(bought: Bought): void;
  /** The referrals that onrampTrack may tell; one, but where it is a matter of milliseconds. */
  referralsOf(page: ModelPage): (string | undefined)[];
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
  const browser: Browser = { outbox: [] };
  const pages: ModelPage[] = [];
  /**
   * Keys of what was withdrawn by one page while others may know it: those go on with it, and store it again when they
   * next send it, or when it is proven.
   */
  const inOthersMemory = new Set<string>();

  const reachesStorage = ({ storage }: PageSpec) => storage !== 'is denied';
  const reachesReferral = (page: PageSpec) => cookies === 'work' || reachesStorage(page);
  /** What the page has sent, and what it finds when it looks. */
  const knownTo = (page: ModelPage) => [...page.own, ...(reachesStorage(page) ? browser.outbox : [])];
  /** Where the page's sendBeacon swallows it, no network sees it. */
  const beaconDelivers = ({ beacons }: ModelPage) => beacons === 'work' && delivers(network.beacon);
  /** A beacon that isn't taken is an image at once. */
  const takesBeacons = ({ beacons }: ModelPage) => beacons === 'work' || beacons === 'are swallowed';
  function firstTry(page: ModelPage, otherwise: Certainty): Certainty {
    if (takesBeacons(page)) return beaconDelivers(page) ? 'arrived' : otherwise;
    return delivers(network.image) ? 'asked' : otherwise;
  }

  /** What localStorage has counts for the page from its next look on. */
  function read(page: ModelPage): void {
    if (cookies === 'work' || !reachesStorage(page) || !browser.referral) return;
    page.remembers = browser.referral;
    page.mayRemember = undefined;
  }

  /** A visit is sent once, and a referral that can't be stored counts no longer than its page. */
  function capture(page: ModelPage, referral: string): void {
    const live = (reachesReferral(page) && browser.referral) || page.remembers;
    if (live === referral) return;
    page.visit = { referral, certainty: firstTry(page, 'possible') };
    visits.push(page.visit);
    page.remembers = referral;
    page.mayRemember = undefined;
    // Full is full, but one id fits in the place of another of the same length.
    const fits = cookies === 'work' || page.storage === 'works' || browser.referral;
    if (reachesReferral(page) && fits) browser.referral = referral;
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

  const model: Model = {
    expected: { copies, visits, byServer },
    network,
    load(spec) {
      const page: ModelPage = { ...spec, own: [], held: [], allowed: allowedIn[spec.privacy] };
      page.landing = spec.referral;
      pages.push(page);
      proceed(page);
      return page;
    },
    consent(page) {
      page.allowed = 'everything';
      proceed(page);
    },
    withdrawConsent(page) {
      // What has been handed to the network arrives; all else may.
      for (const copy of knownTo(page)) if (copy.certainty !== 'arrived') copy.certainty = 'possible';
      // A visit that went as an image is cut off as well, if it is still under way.
      if (page.visit?.certainty === 'asked') page.visit.certainty = 'possible';
      const others = pages.filter((other) => other !== page);
      for (const { bought } of others.length ? knownTo(page) : []) inOthersMemory.add(keyOf(bought));
      for (const other of others) {
        if (cookies === 'work' || !reachesStorage(page) || !reachesStorage(other)) continue;
        if (other.remembers !== browser.referral) other.mayRemember = browser.referral;
      }
      page.own = [];
      if (reachesStorage(page)) browser.outbox = [];
      if (reachesReferral(page)) browser.referral = undefined;
      // A landing that was captured is forgotten; one that never was may be captured when there is consent again.
      Object.assign(page, { allowed: 'nothing', held: [], remembers: undefined, mayRemember: undefined });
    },
    buy(page, bought) {
      if (page.allowed === 'nothing') {
        page.held.push(bought);
        return ['held'];
      }
      const key = keyOf(bought);
      const isUncertain = inOthersMemory.has(key);
      if (!isUncertain && knownTo(page).some((copy) => keyOf(copy.bought) === key)) return ['duplicate'];
      const isKept = page.storage === 'works';
      const otherwise = isKept ? 'due' : 'possible';
      // The image asks for the proof of what only the beacon's queue has taken.
      const certainty = firstTry(page, delivers(network.image) ? 'asked' : otherwise);
      const copy: Copy = {
        bought,
        referrals: model.referralsOf(page),
        certainty: isUncertain ? 'possible' : certainty,
      };
      copies.push(copy);
      page.own.push(copy);
      if (isKept) browser.outbox.push(copy);
      // Where only the image can take it, its answer decides.
      const isSent = isKept || takesBeacons(page) || network.image === 'works';
      return [isSent ? 'sent' : 'held', ...(isUncertain ? (['duplicate'] as const) : [])];
    },
    lookAfter(page) {
      if (page.allowed === 'nothing') return;
      read(page);
      if (!delivers(network.image)) return;
      for (const copy of knownTo(page)) {
        if (copy.certainty !== 'arrived' && !inOthersMemory.has(keyOf(copy.bought))) copy.certainty = 'asked';
      }
    },
    leave(page) {
      if (page.visit?.certainty === 'asked') page.visit.certainty = 'possible';
      for (const copy of knownTo(page)) {
        if (copy.certainty === 'asked') copy.certainty = browser.outbox.includes(copy) ? 'due' : 'possible';
        const isCertain = page.allowed !== 'nothing' && !inOthersMemory.has(keyOf(copy.bought));
        if (beaconDelivers(page) && isCertain) copy.certainty = 'arrived';
      }
    },
    serverReports: (bought) => void byServer.push(bought),
    referralsOf(page) {
      if (page.allowed !== 'everything') return [undefined];
      read(page);
      if (cookies === 'work' && browser.referral) return [browser.referral];
      return page.mayRemember ? [page.remembers, page.mayRemember] : [page.remembers];
    },
    settle() {
      for (const message of [...copies, ...visits]) {
        if (message.certainty === 'asked') message.certainty = 'arrived';
      }
    },
  };
  return model;
}
