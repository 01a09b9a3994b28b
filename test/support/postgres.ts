import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPostgres, findServerUser } from '../../tools/postgres.mjs';
import { findFreePort } from './freePort.ts';
import { createPostgresDatabase } from './postgresDatabases.ts';
import { runServer, type ServerProcess } from './postgresProcess.ts';

/** A PostgreSQL server of its own on loopback, in a temporary folder; it ends with the process that started it. */
export interface Postgres {
  /** Its files, which belong to the server's user. */
  data: string;
  /** Address of a database, with a password in it; the same over stop, kill and start. */
  url(database?: string): string;
  /** Makes an empty database, or a copy of another; resolves to its address. */
  createDatabase(template?: string): Promise<string>;
  /** Shuts it down: `fast` breaks connections off and tidies up, `immediate` leaves that to the next start. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** Ends it and all its processes by SIGKILL, as a crash would. On Linux only. */
  kill(): Promise<void>;
  /** Starts it again on the same port and files, unless it runs. */
  start(): Promise<void>;
  /** Ends it where it runs, and deletes its files. */
  remove(): Promise<void>;
}

/** As in postgresql.conf, for example `{ fsync: 'off' }`. */
export type PostgresSettings = Record<string, string | number>;

const host = '127.0.0.1';

/**
 * Resolves when the server takes connections.
 *
 * @param options.parent where its folder is made
 * @param options.certificate with which it speaks TLS to who asks for it
 * @param options.standbyOf the server whose changes it follows, instead of being empty; its password is the same
 * @throws Error with what the server said, where it doesn't start
 */
export async function startPostgres({
  settings = {},
  parent = tmpdir(),
  standbyOf,
  certificate,
}: {
  settings?: PostgresSettings;
  certificate?: { key: string; cert: string };
  parent?: string;
  standbyOf?: Pick<Postgres, 'url'>;
} = {}): Promise<Postgres> {
  const programs = findPostgres();
  if (!programs) throw new Error("PostgreSQL wasn't found: `node tools/setup.mjs --tests` installs it.");
  const user = findServerUser();
  const folder = await mkdtemp(join(parent, 'onramp-postgres-'));
  if (user.uid !== undefined && user.gid !== undefined) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const password = standbyOf ? new URL(standbyOf.url()).password : randomBytes(16).toString('hex');
  const run = (program: string, args: string) =>
    promisify(execFile)(join(programs, program), args.split(/\s+/), { ...user, cwd: folder });
  if (standbyOf) {
    await run(
      'pg_basebackup',
      `--pgdata=${data} --dbname=${standbyOf.url()} --write-recovery-conf --checkpoint=fast --no-sync`,
    );
  } else {
    // Every test connects some ten times, which is to be costly with scram-sha-256. A random password on loopback is
    // safe with md5, too.
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, password);
    await run(
      'initdb',
      `--pgdata=${data} --username=postgres --pwfile=${passwordFile} --auth=md5 \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync`,
    );
    await rm(passwordFile);
  }

  const tls: PostgresSettings = {};
  if (certificate) {
    Object.assign(tls, { ssl: 'on', ssl_cert_file: join(folder, 'cert'), ssl_key_file: join(folder, 'key') });
    for (const name of ['key', 'cert'] as const) {
      const file = join(folder, name);
      await writeFile(file, certificate[name], { mode: 0o600 });
      if (user.uid !== undefined && user.gid !== undefined) await chown(file, user.uid, user.gid);
    }
  }

  const port = await findFreePort();
  const args = ['-D', data];
  const ours = {
    listen_addresses: host,
    port,
    unix_socket_directories: folder,
    max_connections: 200,
    // Among its files, which go with it; in the system's memory it would stay for good where a server is killed.
    dynamic_shared_memory_type: 'mmap',
  };
  for (const [name, value] of Object.entries({ ...ours, lc_messages: 'C', ...tls, ...settings })) {
    args.push('-c', `${name}=${value}`);
  }
  const url = (database = 'postgres') => `postgres://postgres:${password}@${host}:${port}/${database}`;
  let server: ServerProcess | undefined;

  async function start(): Promise<void> {
    server ??= await runServer(join(programs ?? '', 'postgres'), args, { folder, user });
  }

  async function stop(mode: 'fast' | 'immediate'): Promise<void> {
    await server?.end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    server = undefined;
  }

  await start();
  return {
    data,
    url,
    createDatabase: (template) => createPostgresDatabase(url(), template),
    stop,
    async kill() {
      await server?.kill();
      server = undefined;
    },
    start,
    async remove() {
      await stop('immediate');
      await rm(folder, { recursive: true });
    },
  };
}
