import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { partitionTables } from '../../../src/marketplace/store/postgres/partitions.ts';
import { findTemporaryFolder } from '../../../tools/temporaryFolder.ts';
import { type Postgres, startPostgres } from '../../support/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres:
      | {
          /** Address of the server's own database. */
          url: string;
          /** Names of databases with all tables and no rows, to be copied; the tables of one are in partitions. */
          templates: { plain: string; spread: string };
          /** Folder of the server's files. */
          data: string;
        }
      | undefined;
  }
}

/** What is committed needs to reach the system only. It is the same to the store, and a database is dropped in a quarter of the time. */
const settings = { fsync: 'off', full_page_writes: 'off' };

/** More than one provider's rows are in hardly any test. */
const partitions = 4;

/**
 * One server for all tests of the postgres project. A database is 300 files: making one takes 15 ms in memory and up to
 * 250 ms on a disk.
 */
export default async function startServer(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres({ settings, parent: findTemporaryFolder() });
  const [plain, spread] = await Promise.all([makeTemplate(server), makeTemplate(server)]);
  await partitionTables(spread, partitions);
  const nameOf = (url: string) => new URL(url).pathname.slice(1);
  project.provide('postgres', {
    url: server.url(),
    templates: { plain: nameOf(plain), spread: nameOf(spread) },
    data: server.data,
  });
  return () => server.remove();
}

async function makeTemplate(server: Postgres): Promise<string> {
  const url = await server.createDatabase();
  await (await openDatabase(url)).close();
  return url;
}
