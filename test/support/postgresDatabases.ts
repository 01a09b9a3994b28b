import { randomUUID } from 'node:crypto';
import pg from 'pg';

type Row = Record<string, unknown>;

/** Runs one statement at a database, on a connection of its own; resolves to its rows. */
export async function queryPostgres(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  // A connection that breaks fails the statement as well; unheard, it would end the whole process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/**
 * Makes a database on the server that the address leads to: an empty one, or a copy of another that nobody is
 * connected to. Resolves to its address.
 */
export async function createPostgresDatabase(serverUrl: string, template = 'template1'): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(serverUrl, `create database ${name} template ${template}`);
  const url = new URL(serverUrl);
  url.pathname = name;
  return url.href;
}

/** One address for several servers, with the user and the database of the first. */
export function joinAddresses(urls: readonly string[]): string {
  const [first = ''] = urls;
  return first.replace(new URL(first).host, urls.map((url) => new URL(url).host).join(','));
}

/** Drops a database, whoever is connected to it; PostgreSQL gives them 100 ms to go. */
export async function dropPostgresDatabase(serverUrl: string, url: string): Promise<void> {
  await administer(serverUrl, `drop database ${new URL(url).pathname.slice(1)} with (force)`);
}

/** Kept open for each server: connecting takes half as long as making a database. */
const pools = new Map<string, pg.Pool>();

async function administer(serverUrl: string, sql: string): Promise<void> {
  let pool = pools.get(serverUrl);
  if (!pool) {
    pool = new pg.Pool({ connectionString: serverUrl, max: 4, allowExitOnIdle: true });
    // Servers are stopped and killed; the next statement has a new connection.
    pool.on('error', () => undefined);
    pools.set(serverUrl, pool);
  }
  await pool.query(sql);
}
