import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SetupError } from '../../tools/progress.mjs';

/** The folder of this checkout. */
export const ownCheckout = resolve(import.meta.dirname, '../..');

/** The path of the checkout's command. */
export function serviceCommand(checkout: string): string {
  return join(checkout, 'src/marketplace/bin/onramp-marketplace.js');
}

/** @throws SetupError where the folder has no service */
export function requireService(checkout: string): void {
  if (!existsSync(serviceCommand(checkout)))
    throw new SetupError(`There is no ${serviceCommand(checkout)}: --beside takes the folder of a checkout.`);
}
