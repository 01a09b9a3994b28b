import type { Command } from 'commander';
import { formatTime } from '../../wire/time.ts';
import type { PageQuery } from '../store/database.ts';
import type { ReportRow, SubscriptionRow } from '../store/subscriptions.ts';
import { presentReport, presentState, presentSubscription } from '../subscriptions/present.ts';
import { parsePartnerKey } from './arguments.ts';
import {
  type CommonOptions,
  databaseOption,
  jsonOption,
  noSuchProvider,
  print,
  table,
  withStore,
} from './command.ts';

interface ListOptions extends CommonOptions {
  provider?: string;
}

const rowsAtOnce = 1_000;

/** `subscriptions list | history` */
export function addSubscriptionCommands(program: Command): void {
  const subscriptions = program
    .command('subscriptions')
    .description("what providers report of their customers' subscriptions, to bill by");

  subscriptions
    .command('list')
    .description('all subscriptions, a line for each period with the count that counts')
    .option('--provider <partner-key>', 'of this provider only', parsePartnerKey)
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(listSubscriptions);

  subscriptions
    .command('history <partner-key> <coid> <sku>')
    .description('every report about one subscription, newest first, corrected ones too')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  onramp-marketplace subscriptions history pk_acme cust-1 crm-basic')
    .action(showHistory);
}

async function listSubscriptions(options: ListOptions): Promise<void> {
  const { provider: partnerKey } = options;
  const subscriptions = await withStore(options, async (store) => {
    const provider = partnerKey === undefined ? undefined : await store.findProvider(partnerKey);
    if (partnerKey !== undefined && !provider) throw noSuchProvider(partnerKey);
    return await readAll((page) => store.listSubscriptions({ ...page, providerId: provider?.id }));
  });
  const headings = [
    'PARTNER KEY',
    'COID',
    'SKU',
    'STATE',
    'EXPIRED',
    'PERIOD',
    'COUNT',
    'REPORTS',
    'LAST REPORT',
  ];
  const none = 'Nothing was reported of any subscription.';
  print(
    options,
    subscriptions.map(presentSubscription),
    table(headings, subscriptions.flatMap(usageLines), none),
  );
}

function usageLines({ partnerKey, coid, sku, last, usage }: SubscriptionRow): string[][] {
  return usage.map(({ period, reports, last: { countThen, receivedAt } }) => [
    partnerKey,
    coid,
    sku,
    ...state(last),
    period,
    countThen ?? '-',
    String(reports),
    formatTime(receivedAt),
  ]);
}

async function showHistory(
  partnerKey: string,
  coid: string,
  sku: string,
  options: CommonOptions,
): Promise<void> {
  const reports = await withStore(options, async (store) => {
    const provider = await store.findProvider(partnerKey);
    if (!provider) throw noSuchProvider(partnerKey);
    return await readAll((page) => store.listReports({ ...page, providerId: provider.id, coid, sku }));
  });
  const rows = reports.map((report) => [
    formatTime(report.receivedAt),
    report.period,
    report.count ?? '-',
    verdict(report),
    ...state(report),
    report.id,
  ]);
  const headings = ['RECEIVED', 'PERIOD', 'COUNT', 'COUNTS', 'STATE', 'EXPIRED', 'ID'];
  const none = `Nothing was reported of ${coid} and ${sku}. See: onramp-marketplace subscriptions list`;
  print(options, reports.map(presentReport), table(headings, rows, none));
}

function verdict({ count, counted }: ReportRow): string {
  if (count === undefined) return '-';
  return counted ? 'yes' : 'corrected';
}

function state(report: ReportRow): [status: string, expiredDate: string] {
  const { status, expiredDate = '-' } = presentState(report);
  return [status, expiredDate];
}

/** Page by page, as the store gives them. */
async function readAll<Row extends { id: string }>(
  readPage: (page: PageQuery) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await readPage({ limit: rowsAtOnce, before: rows.at(-1)?.id });
    rows.push(...page);
    if (page.length < rowsAtOnce) return rows;
  }
}
