import type Database from 'better-sqlite3';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  type SelectModifierNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { judgeError } from './judgeError.ts';

/** Statements kept compiled a connection: more than the service has, but for lists of values of any length. */
const maxStatements = 500;

/** Lets Kysely use an open connection, whose errors are judged. Transactions are begun elsewhere: sqlite.ts. */
export function createDialect(connection: Database.Database): Dialect {
  return {
    createDriver: () => createDriver(new KyselyConnection(connection)),
    createQueryCompiler: () => new LonelyQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (database) => new SqliteIntrospector(database),
  };
}

/** Whoever writes is alone, so that there is no row to be locked, and no lock to be passed by. */
class LonelyQueryCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier !== 'ForUpdate' && node.modifier !== 'SkipLocked') super.visitSelectModifier(node);
  }
}

class KyselyConnection implements DatabaseConnection {
  readonly #connection: Database.Database;
  /** By their text, since compiling one takes longer than most take to run. */
  readonly #statements = new Map<string, Database.Statement<[readonly unknown[]]>>();

  constructor(connection: Database.Database) {
    this.#connection = connection;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    try {
      const statement = this.#prepare(sql);
      if (statement.reader) return { rows: statement.all(parameters) as Row[] };
      const { changes } = statement.run(parameters);
      return { rows: [], numAffectedRows: BigInt(changes) };
    } catch (error) {
      throw judgeError(this.#connection, error);
    }
  }

  #prepare(sql: string): Database.Statement<[readonly unknown[]]> {
    const known = this.#statements.get(sql);
    if (known) return known;
    if (this.#statements.size >= maxStatements) this.#statements.clear();
    const statement = this.#connection.prepare<[readonly unknown[]]>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for it, nobody here streams
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Results are not streamed.');
  }
}

function createDriver(connection: DatabaseConnection): Driver {
  const refuse = async () => {
    throw new Error('Transactions are begun by transact.');
  };
  return {
    init: async () => undefined,
    acquireConnection: async () => connection,
    releaseConnection: async () => undefined,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    // Whoever opened the connection closes it.
    destroy: async () => undefined,
  };
}
