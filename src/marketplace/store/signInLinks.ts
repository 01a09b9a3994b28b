import type { Database, Tables } from './database.ts';
import type { Capability } from './schema.ts';
import { insertSession, type NewSession, type Owner, ownerColumns, ownerOf } from './sessions.ts';

export interface NewSignInLink {
  /** Of the token that stands in the link. */
  hash: Uint8Array;
  owner: Owner;
  /** What a provider's session may do. */
  can: readonly Capability[];
  expiresAt: number;
}

/** Whom a link signs in. */
export interface SignInLink {
  /** An operator's name or a provider's partner key. */
  kind: 'operator' | 'provider';
  name: string;
}

export type SignInLinkStore = ReturnType<typeof createSignInLinkStore>;

/** The links by which people sign in, each once. */
export function createSignInLinkStore({ reader, transact }: Database) {
  const links = reader
    .selectFrom('sign_in_links')
    .leftJoin('operators', 'operators.id', 'sign_in_links.operator_id')
    .leftJoin('providers', 'providers.id', 'sign_in_links.provider_id')
    .select(['operators.name as operator', 'providers.partner_key as partnerKey']);

  return {
    addSignInLink: ({ hash, owner, can, expiresAt }: NewSignInLink): Promise<void> =>
      transact(async (tables) => {
        await tables
          .insertInto('sign_in_links')
          .values({ hash, ...ownerColumns(owner), can: JSON.stringify(can), expires_at: expiresAt })
          .execute();
      }),

    /** The link, where it can still be used. */
    async findSignInLink(hash: Uint8Array, now: number): Promise<SignInLink | undefined> {
      const row = await links
        .where('hash', '=', Buffer.from(hash))
        .where('expires_at', '>', now)
        .executeTakeFirst();
      if (row?.operator) return { kind: 'operator', name: row.operator };
      return row?.partnerKey ? { kind: 'provider', name: row.partnerKey } : undefined;
    },

    /**
     * Uses a link of that kind up and begins the session, which no other use of it can. An operator's other links end with
     * it: they were made to come to the same place.
     *
     * @returns whom it has signed in; undefined where it can't be used any more
     */
    signInByLink: (
      { hash, kind }: { hash: Uint8Array; kind: SignInLink['kind'] },
      session: NewSession,
    ): Promise<Owner | undefined> =>
      transact(async (tables) => {
        const link = await tables
          .deleteFrom('sign_in_links')
          .where('hash', '=', Buffer.from(hash))
          .where('expires_at', '>', session.createdAt)
          .where(kind === 'operator' ? 'operator_id' : 'provider_id', 'is not', null)
          .returningAll()
          .executeTakeFirst();
        const owner = link && ownerOf(link);
        if (!owner) return undefined;
        await insertSession(tables, session, { owner, can: JSON.parse(link.can) });
        if ('operatorId' in owner) await noteSignIn(tables, owner.operatorId, session.createdAt);
        return owner;
      }),
  };
}

async function noteSignIn(tables: Tables, operatorId: number, signedInAt: number): Promise<void> {
  await tables.deleteFrom('sign_in_links').where('operator_id', '=', operatorId).execute();
  await tables
    .updateTable('operators')
    .set({ signed_in_at: signedInAt })
    .where('id', '=', operatorId)
    .execute();
}
