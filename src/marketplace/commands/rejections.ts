import type { Command } from 'commander';
import { formatTime } from '../../wire/time.ts';
import { presentRejection } from '../reading/present.ts';
import { providerPool } from '../store/rejections.ts';
import { parseLimit, parsePartnerKey } from './arguments.ts';
import { type CommonOptions, databaseOption, jsonOption, withStore } from './database.ts';
import { print, table } from './output.ts';

interface ListOptions extends CommonOptions {
  provider?: string;
  limit: number;
}

/** `rejections list` */
export function addRejectionCommands(program: Command): void {
  const rejections = program
    .command('rejections')
    .description('what was refused in the last 30 days, and why');

  rejections
    .command('list')
    .description('newest first; unknown partner keys and unreadable messages among them')
    .option('--provider <partner-key>', 'of this provider only', parsePartnerKey)
    .option('--limit <count>', 'at most so many', parseLimit, 50)
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(listRejections);
}

async function listRejections(options: ListOptions): Promise<void> {
  const { provider, limit } = options;
  const pool = provider === undefined ? undefined : providerPool(provider);
  const rejections = await withStore(options, (store) => store.listRejections({ pool, limit }));
  const rows = rejections.map(({ lastSeenAt, count, status, reason, partnerKey, payload, detail }) => [
    formatTime(lastSeenAt),
    `${count}x`,
    `${status} ${reason}`,
    partnerKey ?? String(payload.partnerKey ?? '-'),
    detail,
  ]);
  const headings = ['LAST SEEN', 'COUNT', 'REASON', 'PARTNER KEY', 'DETAIL'];
  print(options, rejections.map(presentRejection), table(headings, rows, 'Nothing was refused.'));
}
