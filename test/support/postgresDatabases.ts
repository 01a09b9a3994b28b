import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** Runs one statement at a database, on a connection of its own; resolves to its rows. */
export async function queryPostgres(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
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
  await queryPostgres(serverUrl, `create database ${name} template ${template}`);
  const url = new URL(serverUrl);
  url.pathname = name;
  return url.href;
}

/** Drops a database, whoever is connected to it. */
export async function dropPostgresDatabase(serverUrl: string, url: string): Promise<void> {
  await queryPostgres(serverUrl, `drop database ${new URL(url).pathname.slice(1)} with (force)`);
}
