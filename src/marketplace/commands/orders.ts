import type { Command } from 'commander';
import { formatTime } from '../../wire/time.ts';
import { adviseOn, commandsFor } from '../provisioning/advice.ts';
import { presentOrder } from '../provisioning/present.ts';
import { type Resolution, retryOrder, type Settlement, settleOrder } from '../provisioning/resolve.ts';
import type { Attempt } from '../store/orderAttempts.ts';
import type { EndpointFault, Order, OrderStatus } from '../store/orders.ts';
import { parseCustomerId, parseLimit, parseOrderId, parseOrderStatus, parsePartnerKey } from './arguments.ts';
import {
  CommandFailure,
  type CommonOptions,
  databaseOption,
  jsonOption,
  noSuchProvider,
  print,
  table,
  withStore,
} from './command.ts';

/** `orders list | show | retry | settle` */
export function addOrderCommands(program: Command): void {
  const orders = program.command('orders').description('orders of accounts, and those that a person decides');
  addOrdersList(orders);
  addOrdersShow(orders);
  addOrdersRetry(orders);
  addOrdersSettle(orders);
}

interface ListOptions extends CommonOptions {
  provider?: string;
  status?: OrderStatus;
  limit: number;
}

/** `orders list` */
function addOrdersList(orders: Command): void {
  orders
    .command('list')
    .description('newest first')
    .option('--provider <partner-key>', 'of this provider only', parsePartnerKey)
    .option('--status <status>', 'in this state only, for example needs_attention', parseOrderStatus)
    .option('--limit <count>', 'at most so many', parseLimit, 50)
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(listOrders);
}

async function listOrders(options: ListOptions): Promise<void> {
  const { provider: partnerKey, status, limit } = options;
  const orders = await withStore(options, async (store) => {
    const provider = partnerKey === undefined ? undefined : await store.findProvider(partnerKey);
    if (partnerKey !== undefined && !provider) throw noSuchProvider(partnerKey);
    return await store.listOrders({ providerId: provider?.id, status, limit });
  });
  const rows = orders.map((order) => [
    order.id,
    formatTime(order.createdAt),
    order.partnerKey,
    order.status,
    order.coid ?? '-',
    String(order.attempts.length),
    order.attempts.at(-1)?.reason ?? '-',
  ]);
  const headings = ['ORDER', 'CREATED', 'PROVIDER', 'STATUS', 'COID', 'ATTEMPTS', 'LAST REASON'];
  const list = [table(headings, rows, 'No orders.'), ...advices(orders)].join('\n\n');
  print(options, orders.map(summary), list);
}

/** What there is to do about them, each thing once: a provider's wrong secret keeps all of its orders. */
function advices(orders: readonly Order[]): string[] {
  const alike = Map.groupBy(orders, (order) => adviceFor(order, '<order>'));
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const about = others.length === 0 ? [] : ['<order>', `${others.length + 1} orders`];
    return adviceFor(first, ...about) ?? [];
  });
}

/** What has to be mended or found out, and what then makes the order go on; undefined where it needs nobody. */
function adviceFor(order: Order, id = order.id, subject = id): string | undefined {
  const { partnerKey, status: orderStatus, fault, attempts } = order;
  if (!fault) return orderStatus === 'undecided' ? findOut(id, subject) : undefined;
  const { problem, remedy } = adviseOn(fault, commandsFor(partnerKey));
  const status = attempts.at(-1)?.status;
  const answered = status === undefined ? '' : `the provider's endpoint answered ${status}: `;
  return `${subject}: ${answered}${problem}.
  ${remedy}
  To see what is wrong now: onramp-marketplace provision check ${partnerKey}
  ${goesOn(id, orderStatus, fault)}`;
}

function findOut(id: string, subject: string): string {
  return `${subject}: nobody knows whether there is an account.
  Ask the provider, by the buyer's email address or the order's id.
  There is one: onramp-marketplace orders settle ${id} --coid <coid>
  There is none, and there shall be none: onramp-marketplace orders settle ${id} --failed
  There is none, so ask for it once more: onramp-marketplace orders retry ${id}`;
}

function goesOn(id: string, status: OrderStatus, fault: EndpointFault): string {
  if (status === 'waiting') return 'The order is sent again by itself.';
  if (fault === 'form_incomplete') {
    return `Once it is mended, the buyer is asked by: onramp-marketplace orders settle ${id} --failed`;
  }
  const when = status === 'undecided' ? 'Once you know that there is no account' : 'Once it is mended';
  return `${when}: onramp-marketplace orders retry ${id}`;
}

/** `orders show` */
function addOrdersShow(orders: Command): void {
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
  const parts = [table(['', ''], facts, '').trimStart(), table(headings, rows, 'No attempts yet.')];
  return [...parts, adviceFor(order) ?? []].flat().join('\n\n');
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

/** `orders retry` */
function addOrdersRetry(orders: Command): void {
  orders
    .command('retry')
    .argument('<order>', 'id of the order', parseOrderId)
    .description('send it to the provider once more; of an undecided one be sure that there is no account')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(sendAgain);
}

async function sendAgain(id: string, options: CommonOptions): Promise<void> {
  const order = changed(id, await withStore(options, (store) => retryOrder(store, id, Date.now())));
  const page = `/orders/${order.token}`;
  const text = order.hasPassword
    ? `The buyer may have to enter the password again, on the order's page: ${page}`
    : 'A running service sends it within a second.';
  print(options, summary(order), text);
}

interface SettleOptions extends CommonOptions {
  coid?: string;
  failed?: true;
}

/** `orders settle` */
function addOrdersSettle(orders: Command): void {
  orders
    .command('settle')
    .argument('<order>', 'id of the order', parseOrderId)
    .description('say what became of it, once the provider was asked; the buyer sees it on the order’s page')
    .option('--coid <coid>', "there is an account: the customer's id there", parseCustomerId)
    .option('--failed', 'there is no account')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(settle);
}

async function settle(id: string, options: SettleOptions): Promise<void> {
  const settlement = settlementFor(options);
  const order = changed(
    id,
    await withStore(options, (store) => settleOrder(store, id, settlement, Date.now())),
  );
  print(options, summary(order), `The order is ${order.status} now, and its page says so.`);
}

function settlementFor({ coid, failed }: SettleOptions): Settlement {
  if (coid !== undefined && !failed) return { status: 'succeeded', coid };
  if (failed && coid === undefined) return { status: 'failed' };
  throw new CommandFailure('Give either --coid <coid> or --failed.', 2);
}

/** @throws CommandFailure where it was not changed */
function changed(id: string, resolution: Resolution): Order {
  if (resolution.result === 'none') throw noSuchOrder(id);
  if (resolution.result === 'refused') throw new CommandFailure(resolution.detail);
  return resolution.order;
}

/** An order as the marketplace reads it, with the address of the buyer's page. */
function summary(order: Order) {
  const advice = adviceFor(order);
  return {
    ...presentOrder(order),
    page: `/orders/${order.token}`,
    hasPassword: order.hasPassword,
    ...(order.nextAt !== undefined && { nextAt: formatTime(order.nextAt) }),
    ...(order.failure && { failure: order.failure }),
    ...(advice !== undefined && { advice }),
  };
}

function noSuchOrder(id: string): CommandFailure {
  return new CommandFailure(`There is no order ${id}. See: onramp-marketplace orders list`);
}
