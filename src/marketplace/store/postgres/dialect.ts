import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Connection, ConnectionPool } from './pool.ts';

/**
 * Lets Kysely use our connections, whose errors are judged, to read and to migrate. Kysely's own driver wants the
 * library's. Transactions are begun elsewhere: transaction.ts.
 */
export function createDialect(pool: ConnectionPool): Dialect {
  return {
    createDriver: () => createDriver(pool),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new UnlockedAdapter(),
    createIntrospector: (database) => new PostgresIntrospector(database),
  };
}

/** The one connection as a pool, for what has to happen in its transaction. */
export function poolOf(connection: Connection): ConnectionPool {
  return {
    connect: async () => ({ ...connection, release: () => undefined }),
    end: async () => undefined,
  };
}

/** Kysely's lock for migrations belongs to the session and not the transaction, which no pooler can serve: migrate.ts. */
class UnlockedAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

class KyselyConnection implements DatabaseConnection {
  readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, rowCount } = await this.connection.query<Row>(sql, parameters);
    return { rows, numAffectedRows: BigInt(rowCount) };
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for it, nobody here streams
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Results are not streamed.');
  }
}

function createDriver(pool: ConnectionPool): Driver {
  const refuse = async () => {
    throw new Error('Transactions are begun by transact.');
  };
  return {
    init: async () => undefined,
    acquireConnection: async () => new KyselyConnection(await pool.connect()),
    releaseConnection: async (connection) => {
      if (connection instanceof KyselyConnection) connection.connection.release();
    },
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    // Whoever made the pool ends it: Kysely would only where it was asked something.
    destroy: async () => undefined,
  };
}
