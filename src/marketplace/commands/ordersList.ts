import type { Command } from 'commander';
import { formatTime } from '../../wire/time.ts';
import type { OrderStatus } from '../store/orders.ts';
import { parseLimit, parseOrderStatus, parsePartnerKey } from './arguments.ts';
import { type CommonOptions, databaseOption, jsonOption, withStore } from './database.ts';
import { summary } from './orderSummary.ts';
import { print, table } from './output.ts';
import { noSuchProvider } from './providerTable.ts';

interface ListOptions extends CommonOptions {
  provider?: string;
  status?: OrderStatus;
  limit: number;
}

/** `orders list` */
export function addOrdersList(orders: Command): void {
  orders
    .command('list')
    .description('newest first')
    .option('--provider <partner-key>', 'of this provider only', parsePartnerKey)
    .option('--status <status>', 'in this state only, for example undecided', parseOrderStatus)
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
  print(options, orders.map(summary), table(headings, rows, 'No orders.'));
}
