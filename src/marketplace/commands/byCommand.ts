import type { NewAuditEntry } from '../store/audit.ts';

/** An entry of the audit trail for what was done by a command, whoever ran it. */
export function byCommand(action: string, subject: string, detail?: string): NewAuditEntry {
  return { at: Date.now(), actor: { kind: 'command', name: 'command line' }, action, subject, detail };
}
