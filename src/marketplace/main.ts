import { Command, CommanderError } from 'commander';
import { addBackupCommand } from './commands/backup.ts';
import { CommandFailure, messageOf, type Terminal, withoutControls } from './commands/command.ts';
import { addFiguresCommand } from './commands/figures.ts';
import { addForgetCommand } from './commands/forget.ts';
import { addProvisionCommands } from './commands/forms.ts';
import { addListingCommands } from './commands/listings.ts';
import { addMoveCommand } from './commands/move.ts';
import { addOperatorCommands } from './commands/operators.ts';
import { addOrderCommands } from './commands/orders.ts';
import { addProviderCommands } from './commands/providers.ts';
import { addPurchaseCommands } from './commands/purchases.ts';
import { addRejectionCommands } from './commands/rejections.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSubscriptionCommands } from './commands/subscriptions.ts';
import { addTablesCommand } from './commands/tables.ts';
import packageJson from './package.json' with { type: 'json' };
import { StoreUnavailableError } from './store/errors.ts';

const examples = `
A first run:
  onramp-marketplace provider add "Acme CRM" --origin https://acme.example
  onramp-marketplace listing add acme-crm --provider <partner-key> --landing https://acme.example/welcome
  onramp-marketplace serve

It prints a link that signs in at /console, where all of this can be done as well. Links for others:
  onramp-marketplace operator add <name>
  onramp-marketplace provider link <partner-key> --can view,replay,rotate

Orders of accounts at a provider, by a form of the marketplace:
  onramp-marketplace provider set <partner-key> --provision-url https://acme.example/acme-crm-provision-account/
  onramp-marketplace provision form <partner-key> --path acme-crm --required company
  onramp-marketplace provision check <partner-key>
  onramp-marketplace orders list

Running it behind a proxy, with metrics and a backup:
  onramp-marketplace serve --trusted-proxies 1 --metrics-port 9464
  onramp-marketplace backup /backups/onramp.db

A ledger that is spread, on PostgreSQL:
  onramp-marketplace tables --partitions 8

What was reported, and by which link it came; the same, added up:
  onramp-marketplace purchases list --provider <partner-key>
  onramp-marketplace figures --by month,partnerKey

What was refused, taken in once its cause is mended; a customer who asks to be forgotten:
  onramp-marketplace rejections list --provider <partner-key>
  onramp-marketplace rejections replay --provider <partner-key> --reason below_minimum_level
  onramp-marketplace forget <partner-key> <customer-id>

To PostgreSQL, while the service runs:
  onramp-marketplace move --to postgres://onramp:password@127.0.0.1/onramp

Every command takes --database (or DATABASE_URL), --json and --help. A running service
sees changes within a second. Exit codes: 0 done, 1 failed, 2 not understood.`;

const processTerminal: Terminal = {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
};

/** Runs the command line `onramp-marketplace ...` and returns its exit code. */
export async function main(
  commandLine: readonly string[],
  givenTerminal: Terminal = processTerminal,
): Promise<number> {
  const terminal = withoutControls(givenTerminal);
  const program = new Command('onramp-marketplace')
    .description("the marketplace's end of the tracking pixel: receives what pixels send, and takes orders")
    .version(packageJson.version)
    .addHelpText('after', examples)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.error })
    .hook('preAction', (_program, command) => void command.setOptionValue('terminal', terminal));
  addServeCommand(program);
  addProviderCommands(program);
  addOperatorCommands(program);
  addPurchaseCommands(program);
  addFiguresCommand(program);
  addListingCommands(program);
  addProvisionCommands(program);
  addOrderCommands(program);
  addRejectionCommands(program);
  addSubscriptionCommands(program);
  addTablesCommand(program);
  addBackupCommand(program);
  addMoveCommand(program);
  addForgetCommand(program);

  try {
    await program.parseAsync(commandLine, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed its message by itself.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const prefix = error instanceof StoreUnavailableError ? 'The database cannot be used: ' : '';
    terminal.error(`error: ${prefix}${messageOf(error)}\n`);
    return error instanceof CommandFailure ? error.exitCode : 1;
  }
}
