import type { Database, Tables } from './database.ts';
import type { Capability } from './schema.ts';

/** Whose a session or a sign-in link is. */
export type Owner = { operatorId: number } | { providerId: number };

export interface NewSession {
  /** Of the id that the browser has. */
  hash: Uint8Array;
  /** As the browser calls itself. */
  browser: string;
  createdAt: number;
  expiresAt: number;
}

export interface Session {
  /** Names it among all; who knows it can't sign in by it. */
  id: string;
  browser: string;
  createdAt: number;
  lastSeenAt: number;
  expiresAt: number;
}

/** A session with who has it. */
export type KnownSession = Session & (OperatorSession | ProviderSession);

interface OperatorSession {
  operator: { id: number; name: string };
}

interface ProviderSession {
  partnerKey: string;
  can: readonly Capability[];
  /** Of the secret that it was begun with. */
  keyId: string | undefined;
}

export type SessionStore = ReturnType<typeof createSessionStore>;

/** Who has signed in, with which browser. */
export function createSessionStore({ reader, transact }: Database) {
  return {
    /** The session of the hash, where it hasn't expired. */
    async findSession(hash: Uint8Array, now: number): Promise<KnownSession | undefined> {
      const row = await reader
        .selectFrom('sessions')
        .leftJoin('operators', 'operators.id', 'sessions.operator_id')
        .leftJoin('providers', 'providers.id', 'sessions.provider_id')
        .selectAll('sessions')
        .select(['operators.name as operator_name', 'providers.partner_key as partner_key'])
        .where('hash', '=', Buffer.from(hash))
        .where('expires_at', '>', now)
        .executeTakeFirst();
      if (!row) return undefined;
      const session = toSession(row);
      if (row.operator_id !== null && row.operator_name !== null) {
        return { ...session, operator: { id: row.operator_id, name: row.operator_name } };
      }
      if (row.partner_key === null) return undefined;
      const keyId = row.key_id ?? undefined;
      return { ...session, partnerKey: row.partner_key, can: JSON.parse(row.can), keyId };
    },

    /** Begins a session of a provider that has shown a secret of its own. */
    beginProviderSession: (
      session: NewSession,
      { providerId, can, keyId }: { providerId: number; can: readonly Capability[]; keyId: string },
    ): Promise<void> =>
      transact((tables) => insertSession(tables, session, { owner: { providerId }, can, keyId })),

    /** Puts its end off, since somebody was there. */
    keepSession: (hash: Uint8Array, { lastSeenAt, expiresAt }: Pick<Session, 'lastSeenAt' | 'expiresAt'>) =>
      transact(async (tables) => {
        await tables
          .updateTable('sessions')
          .set({ last_seen_at: lastSeenAt, expires_at: expiresAt })
          .where('hash', '=', Buffer.from(hash))
          .execute();
      }),

    /** Those that haven't expired, the last seen first. */
    async listSessions(owner: Owner, now: number): Promise<Session[]> {
      const rows = await reader
        .selectFrom('sessions')
        .selectAll()
        .where(...isOf(owner))
        .where('expires_at', '>', now)
        .orderBy('last_seen_at', 'desc')
        .execute();
      return rows.map(toSession);
    },

    /** Ends a session, of that owner where one is given; false when there is none of the id. */
    endSession: (id: string, owner?: Owner): Promise<boolean> =>
      transact(async (tables) => {
        let session = tables.deleteFrom('sessions').where('hash', '=', Buffer.from(id, 'hex'));
        if (owner) session = session.where(...isOf(owner));
        const { numDeletedRows } = await session.executeTakeFirst();
        return numDeletedRows > 0n;
      }),

    /** Ends all sessions and links of the owner; returns how many sessions there were. */
    endAccess: (owner: Owner): Promise<number> =>
      transact(async (tables) => {
        await tables
          .deleteFrom('sign_in_links')
          .where(...isOf(owner))
          .execute();
        const { numDeletedRows } = await tables
          .deleteFrom('sessions')
          .where(...isOf(owner))
          .executeTakeFirst();
        return Number(numDeletedRows);
      }),

    /** Deletes sessions and links that have expired; returns how many. */
    purgeSignIns: (now: number): Promise<number> =>
      transact(async (tables) => {
        const links = await tables
          .deleteFrom('sign_in_links')
          .where('expires_at', '<=', now)
          .executeTakeFirst();
        const sessions = await tables
          .deleteFrom('sessions')
          .where('expires_at', '<=', now)
          .executeTakeFirst();
        return Number(links.numDeletedRows + sessions.numDeletedRows);
      }),
  };
}

function isOf(owner: Owner): [column: 'operator_id' | 'provider_id', operator: '=', id: number] {
  return 'operatorId' in owner
    ? ['operator_id', '=', owner.operatorId]
    : ['provider_id', '=', owner.providerId];
}

/** Begins a session, inside the transaction that has found who may. */
export async function insertSession(
  tables: Tables,
  { hash, browser, createdAt, expiresAt }: NewSession,
  { owner, can, keyId }: { owner: Owner; can: readonly Capability[]; keyId?: string },
): Promise<void> {
  await tables
    .insertInto('sessions')
    .values({
      hash,
      ...ownerColumns(owner),
      can: JSON.stringify(can),
      key_id: keyId ?? null,
      browser,
      created_at: createdAt,
      last_seen_at: createdAt,
      expires_at: expiresAt,
    })
    .execute();
}

/** As the tables of sessions and of links have their owner. */
export function ownerColumns(owner: Owner) {
  return {
    operator_id: 'operatorId' in owner ? owner.operatorId : null,
    provider_id: 'providerId' in owner ? owner.providerId : null,
  };
}

/** Whose the row of such a table is. */
export function ownerOf(row: { operator_id: number | null; provider_id: number | null }): Owner | undefined {
  if (row.operator_id !== null) return { operatorId: row.operator_id };
  return row.provider_id === null ? undefined : { providerId: row.provider_id };
}

interface SessionRow {
  hash: Buffer;
  browser: string;
  created_at: number;
  last_seen_at: number;
  expires_at: number;
}

function toSession(row: SessionRow): Session {
  return {
    id: row.hash.toString('hex'),
    browser: row.browser,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
  };
}
