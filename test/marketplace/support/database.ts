import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, inject, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import {
  createPostgresDatabase,
  dropPostgresDatabase,
  queryPostgres,
} from '../../support/postgresDatabases.ts';
import { type AtEnd, temporaryFolder } from './files.ts';

export type Row = Record<string, unknown>;

/** The server of the postgres project, see postgresServer.ts; in other projects there is none. */
const findServer = () => inject('postgres');

/**
 * Of stores/, those that are about keys, conflicts, claims, merges, walks, plans and sums: with PostgreSQL their tables are
 * in partitions, where that is harder. The others' are plain, those among them that play messages at random.
 */
const spreadFiles = [
  'figures',
  'forget',
  'messages',
  'oneOrder',
  'provisioningShares',
  'provisioningStore',
  'purchaseTime',
  'queryPlans',
  'reading',
  'referralLink',
  'refunds',
  'rejections',
  'replay',
  'reportDurability',
  'retention',
  'signups',
  'subscriptions',
  'subscriptionsIdempotency',
  'subscriptionsReading',
  'verdicts',
].map((name) => join('stores', `${name}.test.ts`));

/** Which tables the test file's databases have; `TEST_TABLES` has its say for all files, as the soak does. */
function chooseTables(): 'plain' | 'spread' {
  const chosen = process.env.TEST_TABLES;
  if (chosen === 'plain' || chosen === 'spread') return chosen;
  const path = expect.getState().testPath ?? '';
  return spreadFiles.some((file) => path.endsWith(file)) ? 'spread' : 'plain';
}

/** Whether createDatabase makes it with tables that are spread. */
export const isSpread = (): boolean => findServer() !== undefined && chooseTables() === 'spread';

/**
 * A database that goes when the test ends, of the kind that the project is about: the path of a file, or a postgres://
 * address. It has its tables already, which take longer to make than most tests, unless it is to be `empty`; then
 * there is no file yet.
 */
export async function createDatabase({
  empty = false,
  atEnd = onTestFinished as AtEnd,
} = {}): Promise<string> {
  const postgres = findServer();
  if (!postgres) return await createFile(empty, atEnd);
  const url = await createPostgresDatabase(
    postgres.url,
    empty ? undefined : postgres.templates[chooseTables()],
  );
  atEnd(() => {
    // The next test needn't wait for it, nor the end of all tests, when the server goes.
    dropPostgresDatabase(postgres.url, url).catch(() => undefined);
  });
  return url;
}

async function createFile(empty: boolean, atEnd: AtEnd): Promise<string> {
  const file = join(await temporaryFolder(atEnd), 'data', 'ledger.db');
  if (empty) return file;
  template ??= makeTemplate();
  await mkdir(dirname(file));
  await writeFile(file, await template);
  return file;
}

/** The bytes of a file with all tables and no rows. */
let template: Promise<Buffer> | undefined;

async function makeTemplate(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'onramp-marketplace-'));
  const file = join(folder, 'ledger.db');
  try {
    await (await openDatabase(file)).close();
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs one statement past the service; resolves to its rows. */
export async function queryDatabase(database: string, sql: string): Promise<Row[]> {
  if (findServer()) return await queryPostgres(database, sql);
  const connection = new Database(database);
  try {
    const statement = connection.prepare<[], Row>(sql);
    if (statement.reader) return statement.all();
    statement.run();
    return [];
  } finally {
    connection.close();
  }
}

/** Makes every insert into the table fail, as a defect would; resolves to what mends it. */
export async function breakInserts(database: string, table: string): Promise<() => Promise<unknown>> {
  const isPostgres = findServer() !== undefined;
  await queryDatabase(
    database,
    isPostgres
      ? `alter table ${table} add constraint broken check (false) not valid`
      : `create trigger broken before insert on ${table} begin select raise(abort, 'broken'); end`,
  );
  const mending = isPostgres ? `alter table ${table} drop constraint broken` : 'drop trigger broken';
  return () => queryDatabase(database, mending);
}

/**
 * Everything that the database keeps on disk, as bytes. Of PostgreSQL without its log, which is the whole server's, and
 * is written over as time goes by.
 */
export async function readDatabase(database: string): Promise<Buffer> {
  const postgres = findServer();
  const files = postgres ? await postgresFiles(database, postgres.data) : sqliteFiles(database);
  return Buffer.concat(await Promise.all(files.map((file) => readFile(file).catch(() => Buffer.alloc(0)))));
}

function sqliteFiles(database: string): string[] {
  return ['', '-wal', '-shm'].map((ending) => database + ending);
}

async function postgresFiles(url: string, data: string): Promise<string[]> {
  await queryPostgres(url, 'checkpoint');
  const [row] = await queryPostgres(url, 'select oid from pg_database where datname = current_database()');
  const folder = join(data, 'base', String(row?.oid));
  return (await readdir(folder)).map((name) => join(folder, name));
}
