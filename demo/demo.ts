import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Origins } from './origins.ts';
import type { Ports } from './ports.ts';
import { registerProvider } from './register.ts';
import { createService } from './service.ts';
import { createConsoleSite } from './sites/console.ts';
import { createMarketplaceSite } from './sites/marketplace.ts';
import { createPaymentSite } from './sites/payment.ts';
import { createProviderSite } from './sites/provider/site.ts';
import { openSite } from './web.ts';

type Close = () => Promise<void>;

/**
 * Starts the marketplace's service and the four sites, each on an origin of its own, and says where they
 * stand. `onClose` is told how to undo each step as soon as it is done, so that a start can be broken off.
 */
export async function startDemo(wanted: Ports, onClose: (close: Close) => void): Promise<Origins> {
  const open = async (host: 'localhost' | '127.0.0.1', port: number) => {
    const site = await openSite(host, port);
    onClose(site.close);
    return site;
  };
  // The console and Acme share the host name, so that Acme's cookies work in the console's frame.
  const consoleSite = await open('localhost', wanted.console);
  const providerSite = await open('localhost', wanted.provider);
  const paymentSite = await open('127.0.0.1', wanted.payment);
  const marketplaceSite = await open('127.0.0.1', wanted.marketplace);

  // Fresh at each start, so that the ledger starts empty and two demos never share a database.
  const folder = await mkdtemp(join(tmpdir(), 'onramp-demo-'));
  onClose(() => rm(folder, { recursive: true, force: true }));
  const database = join(folder, 'onramp.db');
  const port = await findFreePort(wanted.service);
  const service = createService({ port, database, logFile: join(folder, 'service.log') });
  onClose(service.stop);
  const { partnerKey, secret } = await registerProvider(database, providerSite.origin);
  await service.start();

  const origins: Origins = {
    console: consoleSite.origin,
    provider: providerSite.origin,
    payment: paymentSite.origin,
    marketplace: marketplaceSite.origin,
    service: service.baseUrl,
  };
  const faults = { beacons: false, images: false };
  consoleSite.serve(createConsoleSite({ origins, partnerKey, secret, faults, service }));
  providerSite.serve(createProviderSite(origins, partnerKey, faults));
  paymentSite.serve(createPaymentSite(origins));
  marketplaceSite.serve(createMarketplaceSite(origins));
  return origins;
}

/** The service listens by itself, so that all the demo can do is look beforehand. */
async function findFreePort(wanted: number): Promise<number> {
  const site = await openSite('127.0.0.1', wanted);
  await site.close();
  return site.port;
}
