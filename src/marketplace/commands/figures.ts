import { type Command, InvalidArgumentError } from 'commander';
import { isZone } from '../figures/calendar.ts';
import { type Figure, type Figures, groups, timeGroups } from '../figures/figure.ts';
import { formatAmount } from '../pages/words.ts';
import { answerFigures } from '../reading/figures.ts';
import { parseMoment, parsePartnerKey } from './arguments.ts';
import {
  type CommonOptions,
  databaseOption,
  jsonOption,
  noSuchProvider,
  print,
  table,
  withStore,
} from './command.ts';

interface FiguresOptions extends CommonOptions {
  provider?: string;
  service?: string;
  listing?: string;
  campaign?: string;
  since?: string;
  until?: string;
  by?: string;
  zone: string;
}

const examples = `
Examples:
  onramp-marketplace figures --by month
  onramp-marketplace figures --by day,campaign --since 2026-11-24 --until 2026-11-25 --zone Europe/Berlin
  onramp-marketplace figures --provider pk_acme --by service,verdict --json`;

/** `figures` */
export function addFiguresCommand(program: Command): void {
  program
    .command('figures')
    .description('clicks, visits, signups, purchases and money, added up exactly; bots and tests apart')
    .option('--provider <partner-key>', 'of this provider', parsePartnerKey)
    .option('--service <name>', 'of this service')
    .option('--listing <name>', 'that came by this listing')
    .option('--campaign <name>', 'that came by this campaign')
    .option('--since <time>', 'from then on: a day of the zone, or ISO 8601', checkMoment)
    .option('--until <time>', 'before then', checkMoment)
    .option('--by <groups>', `grouped by these, with commas: ${groups.join(', ')}`, checkGroups)
    .option('--zone <name>', 'whose days, weeks and months count: Europe/Berlin', checkZone, 'UTC')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(showFigures);
}

async function showFigures(options: FiguresOptions): Promise<void> {
  const { provider: partnerKey, service, listing, campaign, since: from, until: to, by, zone } = options;
  const answer = await withStore(options, async (store) => {
    if (partnerKey !== undefined && !(await store.findProvider(partnerKey))) throw noSuchProvider(partnerKey);
    // Asked as by the API, so that the same words mean the same.
    const query = { partnerKey, service, listing, campaign, from, to, by, zone };
    return await answerFigures(store, { provider: undefined }, query);
  });
  const figures: Figures = JSON.parse(answer);
  const headings = [...figures.by.map((group) => group.toUpperCase()), ...countHeadings, 'MONEY'];
  const lines = figures.items.map((item) => [
    ...figures.by.map((group) => item[group] ?? '-'),
    ...countsOf(item),
    moneyOf(item),
  ]);
  print(options, figures, table(headings, lines, 'There is nothing to add up.'));
}

const countHeadings = ['CLICKS', 'VISITS', 'SIGNUPS', 'PURCHASES', 'RENEWALS', 'BOTS', 'TESTS'];

/** Of the purchases, how many came by the marketplace, and how many are the provider's own word. */
function countsOf({ clicks, visits, signups, purchases, attributed, believed, ...others }: Figure): string[] {
  const ofThem = purchases > 0 ? ` (${attributed} attributed, ${believed} believed)` : '';
  const counts = [
    clicks,
    visits,
    signups,
    `${purchases}${ofThem}`,
    others.renewals,
    others.bots,
    others.tests,
  ];
  return counts.map(String);
}

function moneyOf({ money }: Figure): string {
  const sums = money.map(({ currency, ...sum }) => {
    const [gross, refunded, net] = [sum.gross, sum.refunded, sum.net].map((decimal) =>
      formatAmount(decimal, currency),
    );
    return sum.refunded === '0' ? `${gross} ${currency}` : `${gross} − ${refunded} = ${net} ${currency}`;
  });
  return sums.join('; ') || '-';
}

/** As it is written, since its zone is known only when all options are. */
function checkMoment(text: string): string {
  parseMoment(text);
  return text;
}

function checkZone(text: string): string {
  if (isZone(text)) return text;
  throw new InvalidArgumentError('It must be the name of a time zone, for example Europe/Berlin.');
}

function checkGroups(text: string): string {
  const names = text.split(',');
  const times = timeGroups.filter((time) => names.includes(time));
  if (names.every((name) => groups.some((group) => group === name)) && times.length < 2) return text;
  throw new InvalidArgumentError(
    `It takes ${groups.join(', ')}, or several with commas, but one of ${timeGroups.join(', ')} at most.`,
  );
}
