import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
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

/**
 * Tests kill processes and not the machine, so what is committed needs to reach the system only. It is the same to the
 * store, and to drop a database takes a quarter of the time.
 */
const settings = { fsync: 'off', full_page_writes: 'off' };
const roomBytes = 1024 ** 3;

/** One server for all tests of the postgres project. */
export default async function startServer(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres({ settings, parent: await findFolder() });
  const template = await server.createDatabase();
  await (await openDatabase(template)).close();
  project.provide('postgres', {
    url: server.url(),
    template: new URL(template).pathname.slice(1),
    data: server.data,
  });
  return () => server.remove();
}

/** A database is 300 files: making one takes 15 ms in memory and up to 250 ms on a disk. */
async function findFolder(): Promise<string> {
  const memory = '/dev/shm';
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize > roomBytes ? memory : tmpdir();
}
