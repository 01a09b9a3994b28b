import type { Command } from 'commander';
import { formatTime } from '../../wire/time.ts';
import type { Attempt, Order } from '../store/orders.ts';
import { parseOrderId } from './arguments.ts';
import { type CommonOptions, databaseOption, jsonOption, withStore } from './database.ts';
import { noSuchOrder, summary } from './orderSummary.ts';
import { print, table } from './output.ts';

/** `orders show` */
export function addOrdersShow(orders: Command): void {
  orders
    .command('show')
    .argument('<order>', 'id of the order', parseOrderId)
    .description('what the buyer entered, but for the password, and each attempt')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(showOrder);
}

async function showOrder(id: string, options: CommonOptions): Promise<void> {
  const order = await withStore(options, (store) => store.findOrder(id));
  if (!order) throw noSuchOrder(id);
  const fields = withoutResellerKey(order.fields ?? {});
  print(options, { ...summary(order), fields }, describe(order, fields));
}

function describe(order: Order, fields: Readonly<Record<string, string>>): string {
  const facts = [
    ['order', order.id],
    ['provider', order.partnerKey],
    ['status', order.status],
    ['coid', order.coid ?? '-'],
    ['created', formatTime(order.createdAt)],
    ['next', order.nextAt === undefined ? '-' : formatTime(order.nextAt)],
    ["buyer's page", `/orders/${order.token}`],
    ...Object.entries(fields),
  ];
  const rows = order.attempts.map((attempt) => rowOf(attempt));
  const headings = ['ATTEMPT', 'STARTED', 'ENDED', 'OUTCOME', 'STATUS', 'REASON'];
  return `${table(['', ''], facts, '').trimStart()}\n\n${table(headings, rows, 'No attempts yet.')}`;
}

function rowOf({ number, startedAt, endedAt, outcome, status, reason }: Attempt): string[] {
  return [
    String(number),
    formatTime(startedAt),
    endedAt === undefined ? '-' : formatTime(endedAt),
    outcome ?? 'under way',
    String(status ?? '-'),
    reason ?? '-',
  ];
}

/** The provider may take it for a proof. */
function withoutResellerKey({ resellerkey: _key, ...fields }: Readonly<Record<string, string>>) {
  return fields;
}
