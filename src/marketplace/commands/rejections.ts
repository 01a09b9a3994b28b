import { type Command, InvalidArgumentError } from 'commander';
import { toStoredText } from '../../wire/text.ts';
import { formatTime } from '../../wire/time.ts';
import { createIds, isId } from '../ledger/id.ts';
import type { RejectionRow } from '../store/rejections.ts';
import type { Store } from '../store/store.ts';
import { presentRejection } from '../tracking/present.ts';
import { isKeptReason, keptReasons, type RefusalReason } from '../tracking/refusal.ts';
import { createReplay, type Replayed } from '../tracking/replay.ts';
import { parseLimit, parseMoment, parsePartnerKey } from './arguments.ts';
import {
  CommandFailure,
  type CommonOptions,
  databaseOption,
  jsonOption,
  print,
  table,
  withStore,
} from './command.ts';

/** `rejections list | replay` */
export function addRejectionCommands(program: Command): void {
  const rejections = program
    .command('rejections')
    .description('what was refused in the last 30 days, and why');
  addRejectionsList(rejections);
  addRejectionsReplay(rejections);
}

interface ListOptions extends CommonOptions {
  provider?: string;
  reason?: RefusalReason;
  status?: number;
  since?: number;
  until?: number;
  customer?: string;
  order?: string;
  text?: string;
  limit: number;
}

const examples = `
Examples:
  onramp-marketplace rejections list --provider pk_acme --reason below_minimum_level
  onramp-marketplace rejections list --since 2026-11-22 --text A-1001`;

/** `rejections list` */
function addRejectionsList(rejections: Command): void {
  rejections
    .command('list')
    .description('newest first; unknown partner keys and unreadable messages among them')
    .option('--provider <partner-key>', 'that name this provider', parsePartnerKey)
    .option('--reason <reason>', `refused for this reason: ${keptReasons.join(', ')}`, parseReason)
    .option('--status <code>', 'refused with 400, 401, 403 or 409', parseStatus)
    .option('--since <time>', 'last seen since then: ISO 8601, without an offset UTC', parseMoment)
    .option('--until <time>', 'last seen before', parseMoment)
    .option('--customer <id>', 'that name this customer', toStoredText)
    .option('--order <id>', 'that name this order', toStoredText)
    .option('--text <text>', 'with this text in a value that was sent, in any case')
    .option('--limit <count>', 'at most so many', parseLimit, 50)
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(listRejections);
}

async function listRejections(options: ListOptions): Promise<void> {
  const { provider: partnerKey, reason, status, since, until, customer, order, text, limit } = options;
  const query = {
    partnerKey,
    reason,
    status,
    from: since,
    to: until,
    customerId: customer,
    orderId: order,
    text,
    limit,
  };
  const rejections = await withStore(options, (store) => store.listRejections(query));
  const rows = rejections.map((rejection) => [
    rejection.id,
    formatTime(rejection.lastSeenAt),
    `${rejection.count}x`,
    `${rejection.status} ${rejection.reason}`,
    rejection.trust,
    rejection.partnerKey ?? String(rejection.payload.partnerKey ?? '-'),
    rejection.detail,
  ]);
  const headings = ['REJECTION', 'LAST SEEN', 'COUNT', 'REASON', 'LEVEL', 'PARTNER KEY', 'DETAIL'];
  print(options, rejections.map(presentRejection), table(headings, rows, 'Nothing was refused.'));
}

function parseStatus(text: string): number {
  if (['400', '401', '403', '409'].includes(text)) return Number(text);
  throw new InvalidArgumentError('Messages are refused with 400, 401, 403 or 409.');
}

interface ReplayOptions extends CommonOptions {
  provider?: string;
  reason?: RefusalReason;
}

const rowsAtOnce = 1_000;

const notes = `
Each is judged anew at the level it arrived with, never higher, and counts from the time it was first received; what lay
too far ahead of a clock that was behind is taken once the clock is right. What is
stored leaves the list; what is there already is a duplicate and leaves it too; what is refused again stays, with the
newer reason. It may run beside the service, and again at any time.

Examples:
  onramp-marketplace provider set pk_acme --minimum-level unsigned
  onramp-marketplace rejections replay --provider pk_acme --reason below_minimum_level
  onramp-marketplace rejections replay 019aa1b2-3c4d-7e5f-8a6b-7c8d9e0f1a2b`;

/** `rejections replay` */
function addRejectionsReplay(rejections: Command): void {
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
    const replayOne = createReplay({ store, createId: createIds(Date.now), clock: Date.now });
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
  if (isId(text)) return [...(before ?? []), text];
  throw new InvalidArgumentError('It is no id. See: onramp-marketplace rejections list');
}

function parseReason(text: string): RefusalReason {
  if (isKeptReason(text)) return text;
  throw new InvalidArgumentError(`It must be one of ${keptReasons.join(', ')}.`);
}
