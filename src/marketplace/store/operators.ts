import type { Database } from './database.ts';
import { NameTakenError } from './errors.ts';

export interface NewOperator {
  name: string;
  /** Of the token by which the operator's programs read. */
  tokenHash?: Uint8Array | undefined;
  createdAt: number;
}

export interface Operator {
  id: number;
  name: string;
  hasToken: boolean;
  createdAt: number;
  /** By a link, the last time; undefined where the operator never has. */
  signedInAt: number | undefined;
}

export type OperatorStore = ReturnType<typeof createOperatorStore>;

/** The people of the marketplace. */
export function createOperatorStore({ reader, transact }: Database) {
  const operators = reader.selectFrom('operators').selectAll();

  return {
    async findOperator(name: string): Promise<Operator | undefined> {
      const row = await operators.where('name', '=', name).executeTakeFirst();
      return row && toOperator(row);
    },

    async findOperatorByToken(tokenHash: Uint8Array): Promise<Operator | undefined> {
      const row = await operators.where('token_hash', '=', Buffer.from(tokenHash)).executeTakeFirst();
      return row && toOperator(row);
    },

    async listOperators(): Promise<Operator[]> {
      return (await operators.orderBy('name').execute()).map(toOperator);
    },

    /** @throws NameTakenError when there is one of the name */
    addOperator: ({ name, tokenHash, createdAt }: NewOperator): Promise<number> =>
      transact(async (tables) => {
        const added = await tables
          .insertInto('operators')
          .values({ name, token_hash: tokenHash ?? null, created_at: createdAt })
          .onConflict((conflict) => conflict.column('name').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (!added) throw new NameTakenError(`There is an operator ${name} already.`);
        return added.id;
      }),

    /** Replaces the operator's token; false when there is no such operator. */
    changeOperatorToken: (name: string, tokenHash: Uint8Array): Promise<boolean> =>
      transact(async (tables) => {
        const { numUpdatedRows } = await tables
          .updateTable('operators')
          .set({ token_hash: tokenHash })
          .where('name', '=', name)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),

    /** Deletes the operator with all that it could sign in or read by; false when there is none of the name. */
    removeOperator: (name: string): Promise<boolean> =>
      transact(async (tables) => {
        // Locked, so that nobody begins a session meanwhile.
        const operator = await tables
          .selectFrom('operators')
          .select('id')
          .where('name', '=', name)
          .forUpdate()
          .executeTakeFirst();
        if (!operator) return false;
        await tables.deleteFrom('sessions').where('operator_id', '=', operator.id).execute();
        await tables.deleteFrom('sign_in_links').where('operator_id', '=', operator.id).execute();
        await tables.deleteFrom('operators').where('id', '=', operator.id).execute();
        return true;
      }),
  };
}

interface OperatorRow {
  id: number;
  name: string;
  token_hash: Buffer | null;
  created_at: number;
  signed_in_at: number | null;
}

function toOperator(row: OperatorRow): Operator {
  return {
    id: row.id,
    name: row.name,
    hasToken: row.token_hash !== null,
    createdAt: row.created_at,
    signedInAt: row.signed_in_at ?? undefined,
  };
}
