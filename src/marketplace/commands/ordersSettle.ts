import type { Command } from 'commander';
import type { OrderChange } from '../store/orders.ts';
import { parseCoid, parseOrderId } from './arguments.ts';
import { type CommonOptions, databaseOption, jsonOption, withStore } from './database.ts';
import { CommandFailure } from './failure.ts';
import { noSuchOrder, summary } from './orderSummary.ts';
import { print } from './output.ts';

interface SettleOptions extends CommonOptions {
  coid?: string;
  failed?: true;
}

/** `orders settle` */
export function addOrdersSettle(orders: Command): void {
  orders
    .command('settle')
    .argument('<order>', 'id of the order', parseOrderId)
    .description('say what became of it, once the provider was asked; the buyer sees it on the order’s page')
    .option('--coid <coid>', "there is an account: the customer's id there", parseCoid)
    .option('--failed', 'there is no account')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(settleOrder);
}

async function settleOrder(id: string, options: SettleOptions): Promise<void> {
  const change = changeFor(options);
  const order = await withStore(options, async (store) => {
    const from = ['undecided', 'waiting', 'needs_password', 'failed'] as const;
    const isChanged = await store.changeOrder(id, change, from, Date.now());
    const found = await store.findOrder(id);
    if (!found) throw noSuchOrder(id);
    if (isChanged) return found;
    throw new CommandFailure(
      found.isUnderAttempt
        ? 'The provider is being called for this order. Look at what came of it in half a minute.'
        : `The order is ${found.status}: nothing to settle.`,
    );
  });
  print(options, summary(order), `The order is ${order.status} now, and its page says so.`);
}

function changeFor({ coid, failed }: SettleOptions): OrderChange {
  if (coid !== undefined && !failed) return { status: 'succeeded', coid };
  if (failed && coid === undefined) return { status: 'failed' };
  throw new CommandFailure('Give either --coid <coid> or --failed.', 2);
}
