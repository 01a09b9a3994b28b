import { setTimeout as pause } from 'node:timers/promises';
import type { ClientBase, Pool } from 'pg';
import { NoAnswerError, StoreUnavailableError } from '../errors.ts';
import { judgeError } from './judgeError.ts';

/** The servers that an address names, each with connections of its own. One of them may be written to. */
export interface Servers {
  /** Its connections, as far as is known. */
  choose(): Promise<Pool>;
  /** For where there was no new connection: it is looked for anew. The ones that are there may still work. */
  doubt(connections: Pool): void;
  /** For where one of these got no answer, or could not write: they are ended as well. */
  leave(connections: Pool): void;
  end(): Promise<void>;
}

/**
 * How long it is looked for, in milliseconds, and how long each is left alone that said no. Shorter than a connection may
 * take, or who waits for one would never hear what the servers said.
 */
const searchMs = 1_800;
const pauseMs = 200;
/** How much later who was doubted is believed, in milliseconds. */
const graceMs = 500;

/** @param pools makes a server's connections, each of which is asked by `requireWritable` when it is new */
export function createServers(pools: readonly (() => Pool)[]): Servers {
  const servers = pools.map((create) => ({ create, connections: create() }));
  type Server = (typeof servers)[number];
  const [only] = servers.length === 1 ? servers : [];
  let chosen: Server | undefined;
  let doubted: Server | undefined;
  let searching: Promise<Server> | undefined;

  /**
   * Asks all beside each other, again and again, since one that has died or is cut off doesn't say so. Who was doubted
   * comes second: a server that was cut off from its standbys may believe for a while that it is still to be written to,
   * and commit nothing.
   */
  async function search(): Promise<Server> {
    const errors = new Map<Server, Error>();
    const ending = new AbortController();
    const { signal } = ending;
    const isLast = (server: Server) => (server === doubted ? pause(graceMs) : undefined);
    const found = Promise.any(
      servers.map(async (server) => {
        const note = (error: unknown) => void errors.set(server, judgeError(error));
        await Promise.all([tryOut(server, note, signal), isLast(server)]);
        return server;
      }),
    );
    try {
      const server = await Promise.race([found, pause(searchMs, undefined, { signal })]);
      if (!server) throw mostTelling(servers.map((each) => errors.get(each)));
      chosen = server;
      return server;
    } finally {
      ending.abort();
      searching = undefined;
    }
  }

  function doubt(connections: Pool): Server | undefined {
    const server = servers.find((one) => one.connections === connections);
    if (!server || server === only) return;
    if (server === chosen) chosen = undefined;
    doubted = server;
    return server;
  }

  return {
    async choose() {
      const known = only ?? chosen;
      if (known) return known.connections;
      searching ??= search();
      return (await searching).connections;
    },
    doubt,
    leave(connections) {
      const server = doubt(connections);
      if (!server) return;
      server.connections = server.create();
      connections.end().catch(() => undefined);
    },
    async end() {
      await Promise.all(servers.map(({ connections }) => connections.end()));
    },
  };
}

/** Resolves when there is a connection to the server by which can be written; until the end, each error is noted. */
async function tryOut(
  server: { connections: Pool },
  note: (error: unknown) => void,
  ending: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      const client = await server.connections.connect();
      client.release();
      return;
    } catch (error) {
      if (ending.aborted) throw error;
      note(error);
    }
    await pause(pauseMs, undefined, { ref: false });
  }
}

class ReadOnlyError extends StoreUnavailableError {
  constructor() {
    super(new Error('None of its servers may be written to.'), 'its database may only be read');
  }
}

/**
 * A pooler between passes this question on, but not what a server reports of itself (in_hot_standby).
 *
 * @throws ReadOnlyError where the server is a standby, or only to be read for any other reason
 */
export async function requireWritable(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ transaction_read_only: string }>('show transaction_read_only');
  if (rows[0]?.transaction_read_only !== 'off') throw new ReadOnlyError();
}

/** What an operator has to look at first: what a server says of itself, then that one says nothing. */
function mostTelling(errors: readonly (Error | undefined)[]): Error {
  const isSilent = (error: Error | undefined) => error === undefined || error instanceof NoAnswerError;
  const said = errors.find((error) => !(isSilent(error) || error instanceof ReadOnlyError));
  if (said) return said;
  if (!errors.some(isSilent)) return new ReadOnlyError();
  return (
    errors.find((error) => error instanceof NoAnswerError) ??
    new NoAnswerError(new Error('No server answers.'))
  );
}
