import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../../wire/time.ts';
import type { Guard } from '../../signin/guard.ts';
import { actorOf } from '../../signin/reader.ts';
import type { AuditStore, NewAuditEntry } from '../../store/audit.ts';
import type { Store } from '../../store/store.ts';

/** What the pages that change something work with. */
export interface AdministrationOptions {
  store: Store;
  guard: Guard;
  clock: Clock;
}

/** Notes in the audit trail what the reader has done; to be called when it is done. */
export async function recordChange(
  { reader }: Pick<FastifyRequest, 'reader'>,
  { store, clock }: { store: AuditStore; clock: Clock },
  change: Pick<NewAuditEntry, 'action' | 'subject' | 'detail'>,
): Promise<void> {
  if (reader) await store.recordAudit({ ...change, at: clock(), actor: actorOf(reader) });
}
