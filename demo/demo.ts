import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOnramp } from 'onramp-pixel/provider';
import { runCommand } from './command.ts';
import { createDashboard } from './dashboard.ts';
import { createFaults } from './faults.ts';
import type { Origins } from './origins.ts';
import type { Ports } from './ports.ts';
import { registerProvider } from './register.ts';
import { createService } from './service.ts';
import { createConsoleSite } from './sites/console.ts';
import { createMarketplaceSite } from './sites/marketplace.ts';
import { createPaymentSite } from './sites/payment.ts';
import { createBackend, provisionPath } from './sites/provider/backend.ts';
import { createBilling } from './sites/provider/billing.ts';
import { createBooks } from './sites/provider/orders.ts';
import { createProviderSite } from './sites/provider/site.ts';
import { openSite } from './web.ts';

type Close = () => Promise<void>;

/**
 * Starts the marketplace's service, the four sites and Acme's backend, each on an origin of its own, and says where
 * they stand. `onClose` is told how to undo each step as soon as it is done, so that a start can be broken off.
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
  const backendPort = await findFreePort(wanted.backend);
  const backendOrigin = `http://127.0.0.1:${backendPort}`;
  const { partnerKey, secret } = await registerProvider(database, {
    site: providerSite.origin,
    provision: backendOrigin + provisionPath,
  });
  const dashboard = await createDashboard(service.baseUrl, database);
  await service.start();

  const faults = createFaults();
  const books = createBooks();
  const backend = createBackend({ port: backendPort, secret, books, faults });
  onClose(backend.stop);
  await backend.start();
  const origins: Origins = {
    console: consoleSite.origin,
    provider: providerSite.origin,
    payment: paymentSite.origin,
    marketplace: marketplaceSite.origin,
    backend: backendOrigin,
    service: service.baseUrl,
  };
  const billing = createBilling(books, createOnramp({ baseUrl: service.baseUrl, partnerKey, secret }));
  const retryOrder = async (id: string) => {
    await runCommand('orders', 'retry', id, '--database', database);
  };
  const parts = { origins, partnerKey, secret, faults, service, backend, books, retryOrder };
  consoleSite.serve(createConsoleSite(parts));
  providerSite.serve(createProviderSite({ origins, partnerKey, faults, books, billing }));
  paymentSite.serve(createPaymentSite(origins));
  marketplaceSite.serve(createMarketplaceSite(origins, dashboard));
  return origins;
}

/** The service listens by itself, so that all the demo can do is look beforehand. */
async function findFreePort(wanted: number): Promise<number> {
  const site = await openSite('127.0.0.1', wanted);
  await site.close();
  return site.port;
}
