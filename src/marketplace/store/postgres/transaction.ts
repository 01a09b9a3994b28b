import { StoreUnavailableError } from '../errors.ts';
import { codeOf } from './judgeError.ts';
import { type Connection, type ConnectionPool, lostStatementCodes } from './pool.ts';

/** Another instance wrote the same at the same moment: the whole transaction has to be tried again. */
export class OvertakenError extends Error {}

/**
 * `synchronous_commit`: whatever is said elsewhere, an acknowledged commit is on disk, and on the synchronous standbys
 * where there are any. `client_min_messages`: nor is the warning kept from us on which `commit` depends. The timeouts
 * (ms) let go of what an instance holds that has died or was cut off. There is none for statements, since one that
 * fires while a commit waits for its standbys would only end the waiting.
 * All of it ends with the transaction, so that a pooler may stand between (PgBouncer's transaction mode).
 */
const begin = `begin isolation level read committed;
  set local synchronous_commit = on;
  set local client_min_messages = warning;
  set local lock_timeout = 3000;
  set local idle_in_transaction_session_timeout = 10000;`;

/**
 * Who inserts the same at the same moment may meet another index than the one that `on conflict` names. The next try finds
 * what the other has written, unless what is to be written is wrong by itself.
 */
const uniqueViolation = '23505';
/**
 * serialization_failure, deadlock_detected and, with care, unique_violation: what PostgreSQL advises to try again
 * (https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html).
 */
const retriedCodes = ['40001', '40P01', uniqueViolation, ...lostStatementCodes];
const maxTries = 10;

/**
 * Does the work in a transaction, once more from its start where another one was in the way. The work begins at once:
 * what it asks on its connection is answered when the locks are there.
 *
 * @param locks statements that take its locks, sent along with the begin; they take no values
 * @throws StoreUnavailableError also where it is not known whether the commit has taken place
 */
export function transact<Result>(
  pool: ConnectionPool,
  locks: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  return retry(pool, async (connection) => {
    // Together, so that the first question doesn't wait for the network; if this fails, so does all that is behind it.
    const [, result] = await Promise.all([connection.query(begin + locks), work(connection)]);
    await commit(connection);
    return result;
  });
}

/** What is done in two trips: of the first the result, of which the last makes what is left to do. */
interface Trips<Result> {
  first(connection: Connection): Promise<Result>;
  /** Has to send all that it sends at once. */
  last(connection: Connection, result: Result): Promise<void>;
}

/**
 * The same in two trips: the last travels with the commit, and where a statement of it fails, PostgreSQL makes a rollback
 * of that.
 */
export function transactAtOnce<Result>(
  pool: ConnectionPool,
  locks: string,
  { first, last }: Trips<Result>,
): Promise<Result> {
  return retry(pool, async (connection) => {
    const [, result] = await Promise.all([connection.query(begin + locks), first(connection)]);
    await Promise.all([last(connection, result), commit(connection)]);
    return result;
  });
}

async function retry<Result>(
  pool: ConnectionPool,
  attempt: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    const connection = await pool.connect();
    let isBroken = false;
    try {
      return await attempt(connection);
    } catch (error) {
      isBroken = await connection.query('rollback').then(
        () => false,
        () => true,
      );
      if (!isWorthATry(error)) throw error;
      if (tries === maxTries) {
        if (codeOf(error) === uniqueViolation) throw error;
        throw new StoreUnavailableError(error, 'others are writing the same to its database');
      }
    } finally {
      connection.release(isBroken);
    }
  }
}

/**
 * Commits for good. PostgreSQL says COMMIT also where its waiting for the synchronous standbys was broken off, by an
 * operator's pg_cancel_backend for example, and only a warning tells that the transaction may be lost with the machine
 * (https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION-HA).
 */
async function commit(connection: Connection): Promise<void> {
  const warnings: string[] = [];
  const stopListening = connection.onWarning((warning) => warnings.push(warning));
  const { command } = await connection.query('commit').finally(stopListening);
  // A transaction in which a statement had failed ends so, without an error.
  if (command !== 'COMMIT') throw new StoreUnavailableError(new Error(`commit ended in ${command}.`));
  if (warnings.length > 0) {
    throw new StoreUnavailableError(
      new Error(warnings.join(' ')),
      'its database could not vouch for a commit',
    );
  }
}

function isWorthATry(error: unknown): boolean {
  return error instanceof OvertakenError || retriedCodes.includes(codeOf(error) ?? '');
}
