import type { PageFaults } from './page.ts';

/** How the network treats what comes by one way; see networks.ts. */
export type NetworkState =
  | 'works'
  | 'drops'
  | 'answers 503'
  | 'answers 429'
  | 'loses the answer'
  | 'answers with a foreign picture';

/** A purchase by what makes it the one that it is, or a signup. All of one name are the same. */
export interface Bought {
  by: 'order' | 'time' | 'customer' | 'signup';
  name: 'a' | 'b';
}

/** A page that the person opens. */
export interface PageSpec extends PageFaults {
  /** The id of the marketplace's link that led there. */
  referral?: 'r-1' | 'r-2' | 'r-3' | undefined;
  /** A thank-you page: it tracks at load, by a call before the script has come. */
  thanks?: Bought | undefined;
  /** What the page may do by itself: everything, nothing before there is consent, or nothing but purchases. */
  privacy: 'is free' | 'needs consent' | 'is asked for by GPC';
}

type InTab = { tab: 1 | 2 };

/** What a person, a page, the provider's server or the network does next. */
export type Action =
  | ({ does: 'opens'; page: PageSpec } & InTab)
  | ({ does: 'buys'; bought: Bought } & InTab)
  | ({ does: 'buys and opens at once'; bought: Bought; page: PageSpec } & InTab)
  | ({ does: 'buys and closes at once'; bought: Bought } & InTab)
  | ({ does: 'asks for the referral' } & InTab)
  | ({ does: 'consents' } & InTab)
  | ({ does: 'withdraws consent' } & InTab)
  | ({ does: 'leaves for a page without the tag' } & InTab)
  | ({ does: 'reloads' } & InTab)
  | ({ does: 'goes back' } & InTab)
  | ({ does: 'comes online' } & InTab)
  | ({ does: 'closes' } & InTab)
  | { does: 'server reports'; bought: Bought }
  | { does: 'network changes'; beacon: NetworkState; image: NetworkState }
  | { does: 'service goes down' };

/** One run of the model test: a browser, and what happens in it one after the other. */
export interface Sequence {
  /** Denied for all its pages, or for none: what happens to cookies in between is the browser's business. */
  cookies: 'work' | 'are denied';
  actions: Action[];
}
