import { putPage, putPlainPage } from '../faults/pages.ts';
import type { Gate } from '../support/gate.ts';
import { createLedger, type Ledger } from '../support/ledger.ts';
import type { Provider, Service } from '../support/service.ts';
import type { Site } from '../support/site.ts';
import { preparePage, trackAtLoad } from './page.ts';
import type { TabPool } from './tabPool.ts';

/** What the sequences of one worker share: a browser, a service, the gate before it, the provider's site. */
export interface Stage {
  tabPool: TabPool;
  service: Service;
  gate: Gate;
  site: Site;
}

/** Where one sequence plays. A provider of its own keeps it apart from all others: every name has its key. */
export interface Scenery extends Stage {
  provider: Provider;
  ledger: Ledger;
  /** The page with the tag; its query says what is to be in it, see page.ts. */
  page: string;
  /** The same with data-consent. */
  consentPage: string;
  plainPage: string;
}

let count = 0;

export async function prepare(stage: Stage): Promise<Scenery> {
  const { service, gate, site } = stage;
  const provider = await service.addProvider(`model ${++count}`, site.origin);
  const { partnerKey } = provider;
  const put = (path: string, attributes = {}) =>
    putPage(site, path, gate.origin, partnerKey, {
      // Pages that may be kept for going back, as most sites' are.
      headers: { 'cache-control': 'no-cache' },
      before: preparePage,
      calls: `(${trackAtLoad})()`,
      attributes,
    });
  return {
    ...stage,
    provider,
    ledger: createLedger(service, provider),
    page: put(`/${partnerKey}`),
    consentPage: put(`/${partnerKey}/consent`, { consent: 'required' }),
    plainPage: putPlainPage(site, `/${partnerKey}/plain`),
  };
}
