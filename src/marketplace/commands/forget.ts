import { type Command, InvalidArgumentError } from 'commander';
import { maxNameLength } from '../../wire/fields.ts';
import { lengthOf, toComparedText } from '../../wire/text.ts';
import type { Erased } from '../store/privacy.ts';
import { parsePartnerKey } from './arguments.ts';
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
space, and a running service answers 503 meanwhile, which pixels and kits survive. Name several customers at once where there are several.

Example:
  onramp-marketplace forget pk_acme cust-1 cust-2`;

/** `forget` */
export function addForgetCommand(program: Command): void {
  program
    .command('forget')
    .argument('<partner-key>', 'the provider whose customer it is', parsePartnerKey)
    .argument('<customer-id...>', "the customer's id (coid) at that provider", collectCustomerId)
    .description('erase a customer: purchases and signups, subscriptions, orders and refused messages')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', notes)
    .action(forget);
}

async function forget(partnerKey: string, customerIds: string[], options: CommonOptions): Promise<void> {
  const erased = await withStore(options, async (store) => {
    const provider = await store.findProvider(partnerKey);
    if (!provider) throw noSuchProvider(partnerKey);
    const forgottenAt = Date.now();
    const counts = await store.forgetCustomers({
      providerId: provider.id,
      partnerKey,
      customerIds,
      forgottenAt,
    });
    await store.eraseRemains().catch(() => {
      throw new CommandFailure(
        `Erased: ${inWords(counts)}. But the database could not be written anew, so it may still hold traces. ` +
          'See that the disk has room for it once more, that no other program keeps it open, and run the same ' +
          'command again.',
      );
    });
    return counts;
  });
  const rows = Object.entries(erased).map(([kind, count]) => [wordsOf(kind), String(count)]);
  print(options, { partnerKey, customers: customerIds.length, erased }, table(['ERASED', 'ROWS'], rows, ''));
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
  const id = toComparedText(text);
  if (id !== '' && lengthOf(id) <= maxNameLength) return [...(before ?? []), id];
  throw new InvalidArgumentError(`It takes 1 to ${maxNameLength} characters.`);
}
