import type { ClientBase, Pool } from 'pg';
import { NoAnswerError, StoreUnavailableError } from '../errors.ts';
import { judgeError } from './judgeError.ts';

/** The servers that an address names, each with connections of its own. One of them may be written to. */
export interface Servers {
  /** Its connections, as far as is known. */
  choose(): Promise<Pool>;
  /** For where one of these connections got no answer, or could not write: they are ended, and it is looked for anew. */
  doubt(connections: Pool): void;
  end(): Promise<void>;
}

/** How long who was doubted has to be the only one that may be written to until it is believed, in milliseconds. */
const graceMs = 500;
/** How long it holds that there is none: standbys that soon take over have better to do than answer. In milliseconds. */
const pauseMs = 200;

/** @param pools makes a server's connections, each of which is asked by `requireWritable` when it is new */
export function createServers(pools: readonly (() => Pool)[]): Servers {
  const servers = pools.map((create) => ({ create, connections: create() }));
  type Server = (typeof servers)[number];
  const [only] = servers.length === 1 ? servers : [];
  let chosen: Server | undefined;
  let doubted: Server | undefined;
  let searching: Promise<Server> | undefined;

  /**
   * Asks all beside each other, since one that has died or is cut off doesn't say so. Who was doubted comes second: a
   * server that was cut off from its standbys may believe for a while that it is still to be written to, and commit
   * nothing.
   */
  async function search(): Promise<Server> {
    const others = servers.filter((server) => server !== doubted).map(tryOut);
    const allOthers = Promise.allSettled(others);
    const asked = doubted ? [...others, tryLast(doubted, allOthers)] : others;
    try {
      chosen = await Promise.any(asked);
      searching = undefined;
      return chosen;
    } catch (error) {
      setTimeout(() => {
        searching = undefined;
      }, pauseMs).unref();
      throw error instanceof AggregateError ? mostTelling(error) : error;
    }
  }

  return {
    async choose() {
      const known = only ?? chosen;
      if (known) return known.connections;
      searching ??= search();
      return (await searching).connections;
    },
    doubt(connections) {
      const server = servers.find((one) => one.connections === connections);
      if (!server || server === only) return;
      if (server === chosen) chosen = undefined;
      doubted = server;
      server.connections = server.create();
      connections.end().catch(() => undefined);
    },
    async end() {
      await Promise.all(servers.map(({ connections }) => connections.end()));
    },
  };
}

interface Connections {
  connections: Pool;
}

/** Resolves to the server where it may be written to. */
async function tryOut<Server extends Connections>(server: Server): Promise<Server> {
  const client = await server.connections.connect();
  client.release();
  return server;
}

async function tryLast<Server extends Connections>(
  server: Server,
  others: Promise<unknown>,
): Promise<Server> {
  const grace = new Promise((over) => setTimeout(over, graceMs));
  const [found] = await Promise.all([tryOut(server), Promise.race([others, grace])]);
  return found;
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
function mostTelling({ errors }: AggregateError): Error {
  const judged = errors.map(judgeError);
  const isSaid = (error: Error) => !(error instanceof NoAnswerError || error instanceof ReadOnlyError);
  return judged.find(isSaid) ?? judged.find((error) => error instanceof NoAnswerError) ?? new ReadOnlyError();
}
