import { type Command, InvalidArgumentError, Option } from 'commander';
import { events, type Level, levels, type TrackingEvent, type Verdict, verdicts } from '../../wire/fields.ts';
import { toComparedText, toStoredText } from '../../wire/text.ts';
import { presentTracking } from '../tracking/present.ts';
import { parseLimit, parseMoment, parsePartnerKey } from './arguments.ts';
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
  event?: TrackingEvent[];
  customer?: string;
  order?: string;
  referral?: string;
  since?: number;
  until?: number;
  trust?: Level;
  verdict?: Verdict;
  service?: string;
  listing?: string;
  campaign?: string;
  test?: boolean;
  limit: number;
}

const examples = `
Examples:
  onramp-marketplace purchases list --provider pk_acme --since 2026-11-01 --verdict listing
  onramp-marketplace purchases list --event purchase,renewal,refund --order A-1001`;

/** `purchases list` */
export function addPurchaseCommands(program: Command): void {
  program
    .command('purchases')
    .description('what providers and their pages have reported')
    .command('list')
    .description('newest first, of all providers')
    .option('--provider <partner-key>', 'of this provider', parsePartnerKey)
    .option('--event <events>', `of these, with commas: ${events.join(', ')}; default: purchase`, parseEvents)
    .option('--customer <id>', "of this customer, by the provider's own id", toComparedText)
    .option('--order <id>', 'of this order', toComparedText)
    .option('--referral <id>', 'that came by this referral', toStoredText)
    .option('--since <time>', 'that happened then or later: ISO 8601, without an offset UTC', parseMoment)
    .option('--until <time>', 'that happened before', parseMoment)
    .addOption(new Option('--trust <level>', 'of at least this level').choices(levels))
    .addOption(new Option('--verdict <verdict>', 'that came this way').choices(verdicts))
    .option('--service <name>', 'of this service', toComparedText)
    .option('--listing <name>', 'that came by this listing', toStoredText)
    .option('--campaign <name>', 'and by a link of this campaign', toStoredText)
    .option('--test', 'tests alone')
    .option('--no-test', 'all but tests')
    .option('--limit <count>', 'at most so many', parseLimit, 50)
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(listPurchases);
}

async function listPurchases(options: ListOptions): Promise<void> {
  const { provider: partnerKey, event = ['purchase'], customer, order, referral, since, until } = options;
  const { trust, verdict, service, listing, campaign, test, limit } = options;
  const rows = await withStore(options, async (store) => {
    const provider = partnerKey === undefined ? undefined : await store.findProvider(partnerKey);
    if (partnerKey !== undefined && !provider) throw noSuchProvider(partnerKey);
    return await store.listTrackings({
      providerId: provider?.id,
      events: event,
      customerId: customer,
      orderId: order,
      referral,
      from: since,
      to: until,
      trust,
      verdict,
      serviceName: service,
      listing,
      campaign,
      isTest: test,
      limit,
    });
  });
  const items = rows.map(presentTracking);
  const lines = items.map((item) => [
    item.purchasedAt ?? item.receivedAt,
    item.event,
    item.partnerKey,
    item.serviceName ?? '-',
    item.customerId ?? '-',
    item.orderId ?? '-',
    item.amount === undefined ? '-' : [item.amount, item.currency].filter(Boolean).join(' '),
    item.refunded ?? '-',
    item.trust,
    [item.verdict ?? '-', item.listing, item.campaign].filter(Boolean).join(' '),
    notesOn(item).join('; '),
  ]);
  print(options, items, table(headings, lines, 'Nothing of the kind was reported.'));
}

const headings = [
  'WHEN',
  'EVENT',
  'PARTNER KEY',
  'SERVICE',
  'CUSTOMER',
  'ORDER',
  'AMOUNT',
  'REFUNDED',
  'LEVEL',
  'VERDICT',
  'NOTES',
];

/** What a person should know before adding a row up. */
function notesOn({ trust, levels, disputed, ignored, refundedCurrency }: Item): string[] {
  const leftOut = Object.entries(ignored ?? {}).map(
    ([field, sent]) => `${field} ${JSON.stringify(sent)} left out`,
  );
  return [
    disputed ? 'disputed' : '',
    levels.amount && levels.amount !== trust ? `amount ${levels.amount}` : '',
    refundedCurrency ? `refunded in ${refundedCurrency}` : '',
    ...leftOut,
  ].filter(Boolean);
}

type Item = ReturnType<typeof presentTracking>;

function parseEvents(text: string): TrackingEvent[] {
  const names = text.split(',');
  const wanted = events.filter((event) => names.includes(event));
  if (wanted.length === names.length) return wanted;
  throw new InvalidArgumentError(`It takes ${events.join(', ')}, or several with commas.`);
}
