import type { Tab, Tabs } from '../engines/engine.ts';
import type { Gate } from '../support/gate.ts';
import type { Ledger } from '../support/ledger.ts';
import type { Provider, Service } from '../support/service.ts';
import type { Site } from '../support/site.ts';

/** Where a situation plays: real sites, a real service behind a gate, a real browser. */
export interface Scene {
  tabs: Tabs;
  /** The tab that the next step is for; undefined when the last one was closed. */
  tab: Tab | undefined;
  gate: Gate;
  /** The provider's site at www., and another of its hosts on the same domain. */
  site: Site;
  app: Site;
  /** Somebody else's site, which the pixel may send nothing to. */
  stranger: Site;
  service: Service;
  provider: Provider;
  ledger: Ledger;
  /** Addresses of the site. Those with the tag are all made alike. */
  checkout: string;
  next: string;
  withoutTag: string;
}

export function tabOf({ tab }: Scene): Tab {
  if (!tab) throw new Error('no tab is open');
  return tab;
}
