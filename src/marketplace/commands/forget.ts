import type { Command } from 'commander';
import type { Erased } from '../store/privacy.ts';
import { parseCustomerId, parsePartnerKey } from './arguments.ts';
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

const notes = `
Nothing of it can be brought back, usage that isn't billed yet included: bill first. A keyed hash of the id stays, so
that whatever arrives later of this customer is refused and not kept; who comes back needs another id.
The file, or PostgreSQL's tables, is then written anew, without what was deleted: that takes its size again in free
space, and a running service answers 503 meanwhile, which pixels and kits survive. Name several customers at once where
there are several. One of whom there is nothing is told, and the exit code is 1.

Example:
  onramp-marketplace forget pk_acme cust-1 cust-2`;

/** `forget` */
export function addForgetCommand(program: Command): void {
  program
    .command('forget')
    .argument('<partner-key>', 'the provider whose customer it is', parsePartnerKey)
    .argument('<customer-id...>', "the customer's id (coid) at that provider", collectCustomerId)
    .description(
      'erase a customer: purchases and all other events, subscriptions, orders and refused messages',
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', notes)
    .action(forget);
}

async function forget(partnerKey: string, customerIds: string[], options: CommonOptions): Promise<void> {
  const { known, erased } = await withStore(options, async (store) => {
    const provider = await store.findProvider(partnerKey);
    if (!provider) throw noSuchProvider(partnerKey);
    const { id: providerId } = provider;
    const known = await store.findCustomers({ providerId, partnerKey, customerIds });
    if (known.length === 0) return { known, erased: undefined };
    const forgottenAt = Date.now();
    const erased = await store.forgetCustomers({ providerId, partnerKey, customerIds: known, forgottenAt });
    await store.eraseRemains().catch(() => {
      throw new CommandFailure(
        `Erased: ${inWords(erased)}. But the database could not be written anew, so it may still hold traces. ` +
          'See that the disk has room for it once more, that no other program keeps it open, and run the same ' +
          'command again.',
      );
    });
    return { known, erased };
  });
  if (erased) {
    const rows = Object.entries(erased).map(([kind, count]) => [wordsOf(kind), String(count)]);
    print(options, { partnerKey, customers: known.length, erased }, table(['ERASED', 'ROWS'], rows, ''));
  }
  const unknown = customerIds.filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    throw new CommandFailure(
      `Nothing is there of ${unknown.join(', ')} at ${partnerKey}, so nothing was erased or is kept away. ` +
        "Compare it with the provider's own id, letter by letter.",
    );
  }
}

function inWords(erased: Erased): string {
  return Object.entries(erased)
    .map(([kind, count]) => `${count} ${wordsOf(kind)}`)
    .join(', ');
}

/** idempotencyKeys: idempotency keys */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
}

/** Adds to the ids given before. */
function collectCustomerId(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), parseCustomerId(text)];
}
