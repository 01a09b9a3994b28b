import { type Command, InvalidArgumentError } from 'commander';
import { v7 as createTimeOrderedId, validate as isUuid } from 'uuid';
import type { RefusalReason } from '../intake/refusal.ts';
import { createReplay, type Replayed } from '../intake/replay.ts';
import type { RejectionRow } from '../store/rejections.ts';
import type { Store } from '../store/store.ts';
import { parsePartnerKey } from './arguments.ts';
import { type CommonOptions, databaseOption, jsonOption, withStore } from './database.ts';
import { CommandFailure } from './failure.ts';
import { print, table } from './output.ts';
import { parseReason } from './rejectionReason.ts';

interface ReplayOptions extends CommonOptions {
  provider?: string;
  reason?: RefusalReason;
}

const rowsAtOnce = 1_000;

const notes = `
Each is judged anew at the level it arrived with, never higher, and counts from the time it was first received. What is
stored leaves the list; what is there already is a duplicate and leaves it too; what is refused again stays, with the
newer reason. It may run beside the service, and again at any time.

Examples:
  onramp-marketplace provider set pk_acme --minimum-level unsigned
  onramp-marketplace rejections replay --provider pk_acme --reason below_minimum_level
  onramp-marketplace rejections replay 019aa1b2-3c4d-7e5f-8a6b-7c8d9e0f1a2b`;

/** `rejections replay` */
export function addRejectionsReplay(rejections: Command): void {
  rejections
    .command('replay')
    .argument('[rejections...]', 'their ids, as the list shows them', collectId)
    .description('take in what was refused, once its cause is mended')
    .option('--provider <partner-key>', 'without ids: all of this provider', parsePartnerKey)
    .option('--reason <reason>', 'without ids: that were refused for this reason', parseReason)
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', notes)
    .action(replay);
}

async function replay(ids: readonly string[], options: ReplayOptions): Promise<void> {
  const { provider: partnerKey, reason } = options;
  const isByCause = partnerKey !== undefined && reason !== undefined;
  const isAmbiguous = ids.length > 0 && (partnerKey !== undefined || reason !== undefined);
  if (isAmbiguous || (ids.length === 0 && !isByCause)) {
    throw new CommandFailure('Name either ids, or both --provider and --reason.', 2);
  }
  const replayed = await withStore(options, async (store) => {
    const rows = isByCause ? await findByCause(store, partnerKey, reason) : await findByIds(store, ids);
    const replayOne = createReplay({ store, createId: () => createTimeOrderedId() });
    const results: ({ id: string } & Replayed)[] = [];
    for (const row of rows) results.push({ id: row.id, ...(await replayOne(row)) });
    return results;
  });
  const rows = replayed.map((one) => [one.id, one.result, explanation(one)]);
  print(options, replayed, table(['REJECTION', 'RESULT', 'ROW OR REASON'], rows, 'Nothing to replay.'));
}

/** All of them before the first is replayed, oldest first: in the order in which they would have been stored. */
async function findByCause(store: Store, partnerKey: string, reason: RefusalReason): Promise<RejectionRow[]> {
  const rows: RejectionRow[] = [];
  for (;;) {
    const before = rows.at(-1)?.latestId;
    const page = await store.listRejections({ partnerKey, reason, before, limit: rowsAtOnce });
    rows.push(...page);
    if (page.length < rowsAtOnce) return rows.reverse();
  }
}

/** @throws CommandFailure before any is replayed */
async function findByIds(store: Store, ids: readonly string[]): Promise<RejectionRow[]> {
  const rows: RejectionRow[] = [];
  for (const id of new Set(ids)) {
    const row = await store.findRejection(id);
    if (!row) {
      const hint = 'It was replayed, or is older than 30 days. See: onramp-marketplace rejections list';
      throw new CommandFailure(`There is no rejection ${id}. ${hint}`);
    }
    rows.push(row);
  }
  return rows;
}

function explanation(replayed: Replayed): string {
  if ('row' in replayed) return replayed.row;
  if (replayed.result === 'refused') return `${replayed.reason}: ${replayed.detail}`;
  return 'detail' in replayed ? replayed.detail : '-';
}

function collectId(text: string, before: readonly string[] | undefined): string[] {
  if (isUuid(text)) return [...(before ?? []), text];
  throw new InvalidArgumentError('It is no id. See: onramp-marketplace rejections list');
}
