import type { Database, PageQuery } from './database.ts';
import type { ActorKind } from './schema.ts';

/** Who changes something. */
export interface Actor {
  kind: ActorKind;
  /** An operator's name, a provider's partner key. */
  name: string;
}

export interface NewAuditEntry {
  at: number;
  actor: Actor;
  /** What was done, in words: "secret rotated". */
  action: string;
  /** What it was done to: a partner key, a listing's name. */
  subject?: string | undefined;
  /** What of it changed; never a secret. */
  detail?: string | undefined;
}

export interface AuditEntry extends NewAuditEntry {
  /** Its place among all, as the cursor of a page has it. */
  position: string;
}

export type AuditStore = ReturnType<typeof createAuditStore>;

/** What people changed. */
export function createAuditStore({ reader, transact }: Database) {
  return {
    recordAudit: ({
      at,
      actor,
      action,
      subject = undefined,
      detail = undefined,
    }: NewAuditEntry): Promise<void> =>
      transact(async (tables) => {
        await tables
          .insertInto('audit')
          .values({
            at,
            actor_kind: actor.kind,
            actor: actor.name,
            action,
            subject: subject ?? null,
            detail: detail ?? null,
          })
          .execute();
      }),

    /** Newest first; where a name is given, what that one did and what was done to it. */
    async listAudit({
      limit,
      before,
      name,
    }: PageQuery & { name?: string | undefined }): Promise<AuditEntry[]> {
      let entries = reader.selectFrom('audit').selectAll().orderBy('position', 'desc').limit(limit);
      if (before !== undefined) entries = entries.where('position', '<', Number(before));
      if (name !== undefined) {
        entries = entries.where(({ eb, or }) => or([eb('actor', '=', name), eb('subject', '=', name)]));
      }
      return (await entries.execute()).map((row) => ({
        position: String(row.position),
        at: row.at,
        actor: { kind: row.actor_kind, name: row.actor },
        action: row.action,
        subject: row.subject ?? undefined,
        detail: row.detail ?? undefined,
      }));
    },

    /** Deletes what is older; returns how much. */
    purgeAudit: (before: number): Promise<number> =>
      transact(async (tables) => {
        const { numDeletedRows } = await tables
          .deleteFrom('audit')
          .where('at', '<', before)
          .executeTakeFirst();
        return Number(numDeletedRows);
      }),
  };
}
