import { type Command, InvalidArgumentError } from 'commander';
import { formatTime, parseTime } from '../../wire/time.ts';
import type { RefusalReason } from '../intake/refusal.ts';
import { presentRejection } from '../reading/present.ts';
import { parseLimit, parsePartnerKey } from './arguments.ts';
import { type CommonOptions, databaseOption, jsonOption, withStore } from './database.ts';
import { print, table } from './output.ts';
import { keptReasons, parseReason } from './rejectionReason.ts';

interface ListOptions extends CommonOptions {
  provider?: string;
  reason?: RefusalReason;
  status?: number;
  since?: number;
  text?: string;
  limit: number;
}

const examples = `
Examples:
  onramp-marketplace rejections list --provider pk_acme --reason below_minimum_level
  onramp-marketplace rejections list --since 2026-11-22 --text A-1001`;

/** `rejections list` */
export function addRejectionsList(rejections: Command): void {
  rejections
    .command('list')
    .description('newest first; unknown partner keys and unreadable messages among them')
    .option('--provider <partner-key>', 'that name this provider', parsePartnerKey)
    .option('--reason <reason>', `refused for this reason: ${keptReasons.join(', ')}`, parseReason)
    .option('--status <code>', 'refused with 400, 401, 403 or 409', parseStatus)
    .option('--since <time>', 'last seen since then: ISO 8601, without an offset UTC', parseSince)
    .option('--text <text>', 'with this text in a value that was sent, in any case')
    .option('--limit <count>', 'at most so many', parseLimit, 50)
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(listRejections);
}

async function listRejections(options: ListOptions): Promise<void> {
  const { provider: partnerKey, reason, status, since, text, limit } = options;
  const query = { partnerKey, reason, status, since, text, limit };
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

function parseSince(text: string): number {
  const time = parseTime(text);
  if (time !== undefined) return time;
  throw new InvalidArgumentError('It must be a date or date-time, for example 2026-11-22T10:00:00Z.');
}
