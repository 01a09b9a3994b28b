import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPartnerKey, createSecret } from '../../src/marketplace/providers/secret.ts';
import { openDatabase } from '../../src/marketplace/store/open.ts';
import { bundledService } from '../../tools/serviceBundle.ts';
import { findFreePort } from './freePort.ts';

/** What the marketplace tells a provider about itself. */
export interface Provider {
  partnerKey: string;
  secret: string;
}

/**
 * The marketplace's real service, as a process of its own on a database of its own. What it knows of providers isn't told
 * to it by the command line, which has tests of its own and takes longer than most browser tests.
 */
export interface Service {
  /** ONRAMP_BASE_URL; stays the same over pause and resume. */
  baseUrl: string;
  /** Path of the database. */
  database: string;
  addProvider(name: string, ...origins: string[]): Promise<Provider>;
  /** Resolves to the address of the listing's /go/ link. */
  addListing(slug: string, provider: Provider, landing: string): Promise<string>;
  /** Opens an order form at /order/{path}, whose orders are posted to the address. */
  openOrderForm(path: string, provider: Provider, provisionUrl: string): Promise<void>;
  /** Shuts the service down in good order; connections are refused from then on. */
  pause(): Promise<void>;
  /** Starts it again at the same address and on the same database, unless it runs. */
  resume(): Promise<void>;
  /** Ends it like a power cut. */
  kill(): Promise<void>;
  /** Ends it and removes its database. */
  stop(): Promise<void>;
}

export async function startService(givenPort?: number): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'onramp-'));
  const database = join(folder, 'ledger.db');
  const port = String(givenPort ?? (await findFreePort()));
  let server = await serve(database, port);
  const { address } = server;
  const store = await openDatabase(database);

  return {
    baseUrl: address,
    database,
    async addProvider(name, ...origins) {
      const provider = { partnerKey: createPartnerKey(name), minimumLevel: 'unsigned' as const };
      const secret = createSecret(Date.now());
      await store.addProvider({ ...provider, name, origins, disabled: false }, secret);
      return { partnerKey: provider.partnerKey, secret: secret.secret };
    },
    async addListing(slug, { partnerKey }, landingUrl) {
      const { id: providerId = 0 } = (await store.findProvider(partnerKey)) ?? {};
      await store.putListing({ name: slug, providerId, landingUrl });
      return `${address}/go/${slug}`;
    },
    async openOrderForm(path, { partnerKey }, provisionUrl) {
      await store.changeProvider(partnerKey, { provisionUrl });
      const { id: providerId = 0 } = (await store.findProvider(partnerKey)) ?? {};
      const fields = (['name', 'email'] as const).map((name) => ({ name, required: true }));
      await store.putOrderForm({ providerId, path, fields });
    },
    pause: () => server.end('SIGTERM'),
    async resume() {
      if (!server.ended()) return;
      server = await serve(database, port);
    },
    kill: () => server.end('SIGKILL'),
    async stop() {
      await store.close();
      await server.end('SIGTERM');
      await rm(folder, { recursive: true });
    },
  };
}

interface Server {
  address: string;
  ended(): boolean;
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Resolves when the service listens; rejects with what it said when it ends before that. */
async function serve(database: string, port: string): Promise<Server> {
  const args = [bundledService, 'serve', '--host', '127.0.0.1', '--port', port, '--database', database];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const address = await new Promise<string>((found, failed) => {
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
      const listening = /listens on (http:\S+)/.exec(said)?.[1];
      if (listening) found(listening);
    });
    child.on('error', failed);
    child.on('exit', () => failed(new Error(`the service ended before it listened:\n${said}`)));
  });
  return {
    address,
    ended,
    async end(signal) {
      if (ended()) return;
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    },
  };
}
