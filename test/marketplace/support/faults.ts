import { expect } from 'vitest';
import { createSecret } from '../../../src/marketplace/providers/secret.ts';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { queryPostgres } from '../../support/postgresDatabases.ts';
import { createCommandLine } from './command.ts';
import { purchase } from './purchase.ts';
import type { Json } from './service.ts';

/** The longest that an answer may take whatever the database does: to connect 2 s, a statement 5 s, and the machine. */
export const longestAnswerMs = 8_000;

/** Makes the tables, and the provider pk_acme; resolves to its secret. */
export async function addAcme(database: string): Promise<string> {
  const store = await openDatabase(database);
  const secret = createSecret(Date.now());
  const settings = { name: 'Acme', origins: [], minimumLevel: 'unsigned', disabled: false } as const;
  await store.addProvider({ partnerKey: 'pk_acme', ...settings }, secret);
  await store.close();
  return secret.secret;
}

/** The service in a process of its own, at a database that has pk_acme. */
export async function serveAt(database: string) {
  const line = await createCommandLine();
  const service = await line.serve('--database', database);
  const log: string[] = [];
  service.process.stdout?.on('data', (chunk) => log.push(String(chunk)));

  async function send(path: string, init?: RequestInit) {
    const started = performance.now();
    const response = await fetch(service.baseUrl + path, init);
    const body = (await response.json()) as Json;
    return { status: response.status, headers: response.headers, body, ms: performance.now() - started };
  }
  return {
    ...service,
    send,
    log: () => log.join(''),
    post: (orderId: string, fields: Json = {}) =>
      send('/api/SaasTrackings', {
        method: 'POST',
        body: JSON.stringify({ ...purchase, orderId, ...fields }),
      }),
    readiness: () => send('/readyz'),
    liveness: () => send('/livez'),
  };
}

export async function storedOrderIds(database: string): Promise<string[]> {
  const rows = await queryPostgres(database, 'select order_id from trackings');
  return rows.map(({ order_id }) => String(order_id));
}

/** An answer as it is while the database can't be used, for that reason. */
export function unavailable(reason: string | RegExp) {
  return { status: 503, body: { detail: expect.stringMatching(reason) } };
}
