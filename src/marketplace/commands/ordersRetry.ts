import type { Command } from 'commander';
import { parseOrderId } from './arguments.ts';
import { type CommonOptions, databaseOption, jsonOption, withStore } from './database.ts';
import { CommandFailure } from './failure.ts';
import { noSuchOrder, summary } from './orderSummary.ts';
import { print } from './output.ts';

/** `orders retry` */
export function addOrdersRetry(orders: Command): void {
  orders
    .command('retry')
    .argument('<order>', 'id of the order', parseOrderId)
    .description('send it to the provider once more; be sure that it made no account, or is idempotent')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(retryOrder);
}

async function retryOrder(id: string, options: CommonOptions): Promise<void> {
  const order = await withStore(options, async (store) => {
    const known = await store.findOrder(id);
    if (!known) throw noSuchOrder(id);
    if (!known.fields)
      throw new CommandFailure('What the buyer entered is deleted: it has to be ordered anew.');
    const now = Date.now();
    const isChanged = await store.changeOrder(
      id,
      { status: 'waiting', nextAt: now },
      ['undecided', 'failed', 'waiting'],
      now,
    );
    const found = (await store.findOrder(id)) ?? known;
    if (!isChanged) throw new CommandFailure(`The order is ${found.status}: nothing to send once more.`);
    return found;
  });
  const page = `/orders/${order.token}`;
  const text = order.hasPassword
    ? `The buyer may have to enter the password again, on the order's page: ${page}`
    : 'A running service sends it within a second.';
  print(options, summary(order), text);
}
