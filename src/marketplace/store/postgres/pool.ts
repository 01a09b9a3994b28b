import pg, { type PoolClient } from 'pg';
import { toStoredText } from '../../../wire/text.ts';
import { NoAnswerError } from '../errors.ts';
import { listServers } from './address.ts';
import { codeOf, judgeError } from './judgeError.ts';
import { createServers, requireWritable } from './servers.ts';

/** How long a connection may take, and a statement, in milliseconds; then the answer is 503. */
const connectTimeoutMs = 2_000;
const queryTimeoutMs = 5_000;
/** How long the server has for its goodbye to a connection, in milliseconds. */
const leaveMs = 1_000;

/** SQLSTATE of notices that are no warnings. */
const successfulCompletion = '00000';

/** A connection of a pool, whose errors are StoreUnavailableError wherever the database is to blame. */
export interface Connection {
  /**
   * Several statements may be sent at once where there are no values. After one that got no answer it takes no more:
   * they would wait behind it. One with a name is parsed once a connection.
   */
  query<Row>(text: string, values?: readonly unknown[], name?: string): Promise<Result<Row>>;
  /** Calls the listener with each warning, until what it returns is called. */
  onWarning(listener: (warning: string) => void): () => void;
  /** To be called once. A connection in a doubtful state has to be ended; one that got no answer ends by itself. */
  release(end?: boolean): void;
}

export interface Result<Row> {
  command: string;
  rowCount: number;
  rows: Row[];
}

export interface ConnectionPool {
  connect(): Promise<Connection>;
  end(): Promise<void>;
}

/** Numbers of 8 bytes come as text, since not all fit; all of ours are times and counts, which do. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format),
} as typeof pg.types;

/**
 * @param url the address of a database; where it names several servers, each connection is to the one of them that may be
 *   written to
 * @param size at most so many connections
 * @param timeoutMs how long a statement may take; 0 for as long as it needs
 */
export function createPool(url: string, size: number, timeoutMs = queryTimeoutMs): ConnectionPool {
  const addresses = listServers(url);
  const servers = createServers(
    addresses.map((address) => () => {
      const settings: pg.PoolConfig = { connectionString: address, max: size, query_timeout: timeoutMs };
      // The only server there is shows at least its lists where it may only be read.
      return createServerPool(addresses.length > 1 ? { ...settings, onConnect: requireWritable } : settings);
    }),
  );
  const names = { areKept: true };

  async function connect(): Promise<Connection> {
    const connections = await servers.choose();
    // All are in use: then the wait tells nothing of the server.
    const isFull = connections.totalCount >= size;
    try {
      return wrap(await connections.connect(), names, () => servers.leave(connections));
    } catch (error) {
      if (!isFull) servers.doubt(connections);
      throw error;
    }
  }

  return {
    async connect() {
      try {
        return await inTime(connect());
      } catch (error) {
        throw judgeError(error);
      }
    },
    end: () => servers.end(),
  };
}

/** Of a server that has fallen silent no goodbye comes, for which the pool and the process would wait for ever. */
class TimelyClient extends pg.Client {
  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | void {
    setTimeout(() => this.connection.stream.destroy(), leaveMs).unref();
    return callback ? super.end(callback) : super.end();
  }
}

function createServerPool(settings: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    ...settings,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    // A query is sent without waiting for the answer to the one before.
    pipeline: true,
    // The process doesn't stay for one that nobody uses.
    allowExitOnIdle: true,
    Client: TimelyClient,
    fallback_application_name: 'onramp-marketplace',
    types,
  });
  // An idle connection that is cut is replaced by the next one who needs one, and who then says so if it can't be.
  pool.on('error', () => undefined);
  // Without a listener from the first moment a connection that is cut would end the process, above all one that is cut
  // while it is handed out; its statement fails, and says so.
  pool.on('connect', (client) => client.on('error', () => undefined));
  // Compiling figures' statements takes longer than they do. Sent along with the first statement; a pooler that gives the
  // connection another session afterwards costs that time alone.
  pool.on('connect', (client) => void client.query('set jit = off').catch(() => undefined));
  return pool;
}

/** The search for a server, its connection and its first answer together; what comes too late is for the next one. */
async function inTime(connecting: Promise<Connection>): Promise<Connection> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error('No connection in time.'));
    connecting.then(
      (connection) => connection.release(),
      () => undefined,
    );
  }, connectTimeoutMs);
  try {
    return await Promise.race([connecting, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** What is looked up is text as it was sent, and PostgreSQL refuses U+0000 rather than find nothing. */
function toParameter(value: unknown): unknown {
  return typeof value === 'string' ? toStoredText(value) : value;
}

/**
 * SQLSTATE of a named statement that the server doesn't know, or knows from somebody else: a pooler (PgBouncer's
 * transaction mode before 1.21) has given the connection another session behind it.
 */
export const lostStatementCodes = ['26000', '42P05'];

/** SQLSTATE of a server that may only be read, as a standby, and of one that is going or coming. */
const unfit = /^(25006|57P0[123])$/;

/** @param leave is called where the server did not answer, or said that it can't be written to */
function wrap(client: PoolClient, names: { areKept: boolean }, leave: () => void): Connection {
  let unanswered: Error | undefined;
  let isUnfit = false;
  return {
    async query<Row>(text: string, values: readonly unknown[] = [], name?: string) {
      if (unanswered) throw unanswered;
      try {
        const statement = { text, values: values.map(toParameter), ...(names.areKept && name && { name }) };
        const { command, rowCount, rows } = await client.query(statement);
        return { command, rowCount: rowCount ?? 0, rows: rows as Row[] };
      } catch (error) {
        const judged = judgeError(error);
        const code = codeOf(judged) ?? '';
        if (judged instanceof NoAnswerError) unanswered = judged;
        if (unfit.test(code)) isUnfit = true;
        if (unanswered || isUnfit) leave();
        if (lostStatementCodes.includes(code)) names.areKept = false;
        throw judged;
      }
    },
    onWarning(listener) {
      // By the code, since the name of the severity is in the language of the server.
      const listen = ({ code, message }: { code?: string | undefined; message?: string | undefined }) => {
        if (code !== successfulCompletion) listener(message ?? '');
      };
      client.on('notice', listen);
      return () => void client.off('notice', listen);
    },
    release(end = false) {
      client.release(end || isUnfit || unanswered !== undefined);
    },
  };
}
