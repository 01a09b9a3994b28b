// The service starts at a database that is empty, or that it can't use.
import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { queryPostgres } from '../../support/postgresDatabases.ts';
import { createCommandLine } from '../support/command.ts';
import { createDatabase } from '../support/database.ts';

test('six that start at once on an empty database all come up, and make the tables once', async () => {
  const database = await createDatabase({ empty: true });
  const line = await createCommandLine();
  const services = await Promise.all(Array.from({ length: 6 }, () => line.serve('--database', database)));
  for (const { baseUrl } of services) expect((await fetch(`${baseUrl}/readyz`)).status).toBe(200);
  const played = (await queryPostgres(database, 'select name from kysely_migration')).map(({ name }) => name);
  expect(played).toContain('0001-tables');
  expect(played).toEqual([...new Set(played)]);
  expect(await queryPostgres(database, 'select name from database_keys')).toHaveLength(2);
});

/** What `serve` says before it ends; nothing of it shows the password. */
async function failToServe(database: string): Promise<string> {
  const line = await createCommandLine();
  const { exitCode, stdout, stderr } = await line.runProcess('serve --port 0', { DATABASE_URL: database });
  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).not.toContain(password);
  return stderr;
}

const password = 'p-4711-secret';

/** The database's address with the parts changed. */
function change(
  database: string,
  parts: Partial<Pick<URL, 'username' | 'password' | 'pathname' | 'port'>>,
): string {
  return Object.assign(new URL(database), { password, ...parts }).href;
}

test.each([
  ['with a wrong password', {}, 'password authentication failed for user "postgres"'],
  ['whose server is away', { port: '9' }, 'connect ECONNREFUSED 127.0.0.1:9'],
])('at a database %s it says so and ends', async (_what, parts, message) => {
  const database = await createDatabase();
  const said = await failToServe(change(database, parts));
  expect(said).toMatch(/^error: The database postgres:\/\/127.0.0.1:\d+\/\w+ cannot be opened: /);
  expect(said).toContain(message);
});

test('at a database in which it may do nothing it says so and ends', async () => {
  const database = await createDatabase({ empty: true });
  const role = `role_${randomUUID().replaceAll('-', '')}`;
  await queryPostgres(database, `create role ${role} login password '${password}'`);
  onTestFinished(async () => void (await queryPostgres(database, `drop role ${role}`)));
  const said = await failToServe(change(database, { username: role }));
  expect(said).toContain('cannot be opened: permission denied for schema public');
});

test('at a database of a newer version it says so and ends', async () => {
  const database = await createDatabase();
  await queryPostgres(database, "insert into kysely_migration values ('9999-later', '2030-01-01T00:00:00Z')");
  expect(await failToServe(database)).toContain(
    'cannot be opened: a newer version of onramp-marketplace has changed its tables (9999-later).',
  );
});

test('at a database that may only be read it comes up to show what is there, and is not ready', async () => {
  const database = await createDatabase();
  const name = new URL(database).pathname.slice(1);
  await queryPostgres(database, `alter database ${name} set default_transaction_read_only = on`);
  const line = await createCommandLine();
  const { baseUrl } = await line.serve('--database', database);
  const readiness = await fetch(`${baseUrl}/readyz`);
  expect(readiness.status).toBe(503);
  expect(await readiness.json()).toMatchObject({ status: 503, detail: expect.any(String) });
  expect((await fetch(`${baseUrl}/onramp.js`)).status).toBe(200);
});

test('at a database whose locks hold nobody it says so and ends', async () => {
  const database = await createDatabase({ empty: true });
  const name = new URL(database).pathname.slice(1);
  // As in databases that only know the names of these functions.
  await queryPostgres(
    database,
    `create function pg_advisory_xact_lock(bigint) returns void language sql as 'select';
     create function pg_try_advisory_xact_lock(bigint) returns boolean language sql as 'select true';
     alter database ${name} set search_path = public, pg_catalog`,
  );
  expect(await failToServe(database)).toContain(
    'cannot be opened: it has no advisory locks, without which instances would count twice',
  );
});
