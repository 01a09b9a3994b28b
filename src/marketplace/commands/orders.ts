import type { Command } from 'commander';
import { addOrdersList } from './ordersList.ts';
import { addOrdersRetry } from './ordersRetry.ts';
import { addOrdersSettle } from './ordersSettle.ts';
import { addOrdersShow } from './ordersShow.ts';

/** `orders list | show | retry | settle` */
export function addOrderCommands(program: Command): void {
  const orders = program.command('orders').description('orders of accounts, and those that a person decides');
  addOrdersList(orders);
  addOrdersShow(orders);
  addOrdersRetry(orders);
  addOrdersSettle(orders);
}
