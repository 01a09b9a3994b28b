import type { Engine } from '../engines/engine.ts';
import { putPage, putPlainPage } from '../faults/pages.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { createLedger, type Ledger } from '../support/ledger.ts';
import type { Provider, Service } from '../support/service.ts';
import { type Site, startSite } from '../support/site.ts';
import { preparePage, trackAtLoad } from './page.ts';
import { createTabPool, type TabPool } from './tabPool.ts';

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

/** Sets the stage with a browser and a service that may be others' as well. */
export async function startStage(
  engine: Engine,
  service: Service,
): Promise<{ stage: Stage; stop(): Promise<void> }> {
  const [site, gate] = await Promise.all([startSite('www.acme.localhost'), startGate(service.baseUrl)]);
  const tabPool = createTabPool(engine);
  return {
    stage: { tabPool, service, gate, site },
    async stop() {
      await tabPool.renew();
      await Promise.all([gate.stop(), site.stop()]);
    },
  };
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
