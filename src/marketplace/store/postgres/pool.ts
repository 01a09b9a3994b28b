import pg, { type PoolClient } from 'pg';
import { toStoredText } from '../../../wire/text.ts';
import { NoAnswerError } from '../errors.ts';
import { codeOf, judgeError } from './judgeError.ts';

/** How long a connection may take, and a statement, in milliseconds; then the answer is 503. */
const connectTimeoutMs = 2_000;
const queryTimeoutMs = 5_000;

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

/** @param timeoutMs how long a statement may take; 0 for as long as it needs */
export function createPool(url: string, size: number, timeoutMs = queryTimeoutMs): ConnectionPool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: timeoutMs,
    keepAlive: true,
    // A query is sent without waiting for the answer to the one before.
    pipeline: true,
    // A server that has fallen silent takes no leave of a connection, for which the process would stay.
    allowExitOnIdle: true,
    fallback_application_name: 'onramp-marketplace',
    types,
  });
  // An idle connection that is cut is replaced by the next one who needs one, and who then says so if it can't be.
  pool.on('error', () => undefined);
  // Without a listener from the first moment a connection that is cut would end the process, above all one that is cut
  // while it is handed out; its statement fails, and says so.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const names = { areKept: true };
  return {
    async connect() {
      try {
        return wrap(await pool.connect(), names);
      } catch (error) {
        throw judgeError(error);
      }
    },
    end: () => pool.end(),
  };
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

function wrap(client: PoolClient, names: { areKept: boolean }): Connection {
  let unanswered: Error | undefined;
  return {
    async query<Row>(text: string, values: readonly unknown[] = [], name?: string) {
      if (unanswered) throw unanswered;
      try {
        const statement = { text, values: values.map(toParameter), ...(names.areKept && name && { name }) };
        const { command, rowCount, rows } = await client.query(statement);
        return { command, rowCount: rowCount ?? 0, rows: rows as Row[] };
      } catch (error) {
        const judged = judgeError(error);
        if (judged instanceof NoAnswerError) unanswered = judged;
        if (lostStatementCodes.includes(codeOf(judged) ?? '')) names.areKept = false;
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
      client.release(end || unanswered !== undefined);
    },
  };
}
