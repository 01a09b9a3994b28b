import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { partitionTables } from '../../../src/marketplace/store/postgres/partitions.ts';
import { findTemporaryFolder } from '../../../tools/temporaryFolder.ts';
import { startPostgres } from '../../support/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres:
      | {
          /** Address of the server's own database. */
          url: string;
          /** Name of a database with all tables and no rows, to be copied. */
          template: string;
          /** Folder of the server's files. */
          data: string;
        }
      | undefined;
  }
}

/** What is committed needs to reach the system only. It is the same to the store, and a database is dropped in a quarter of the time. */
const settings = { fsync: 'off', full_page_writes: 'off' };

/**
 * One server for all tests of the postgres project. A database is 300 files: making one takes 15 ms in memory and up to
 * 250 ms on a disk.
 */
export default async function startServer(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres({ settings, parent: findTemporaryFolder() });
  const template = await server.createDatabase();
  await (await openDatabase(template)).close();
  const partitions = Number(process.env.TEST_PARTITIONS ?? 0);
  if (partitions > 0) await partitionTables(template, partitions);
  project.provide('postgres', {
    url: server.url(),
    template: new URL(template).pathname.slice(1),
    data: server.data,
  });
  return () => server.remove();
}
