import type { Command } from 'commander';
import { createOperatorToken, hashOfKey } from '../operators/token.ts';
import { makeOperatorLink } from '../signin/links.ts';
import { NameTakenError } from '../store/errors.ts';
import type { Operator } from '../store/operators.ts';
import { parseName } from './arguments.ts';
import { byCommand } from './byCommand.ts';
import {
  CommandFailure,
  type CommonOptions,
  databaseOption,
  jsonOption,
  print,
  table,
  withStore,
} from './command.ts';
import { type LinkOptions, toAddress, urlOption } from './linkAddress.ts';

/** `operator add | list | remove | link` */
export function addOperatorCommands(program: Command): void {
  const operator = program
    .command('operator')
    .description('people of the marketplace, who sign in at /console and read everything by the API');

  operator
    .command('add')
    .argument('<name>', 'what they are called in the audit trail', parseName)
    .description('add an operator; prints a token for the API and a link that signs in once, within a day')
    .addOption(urlOption())
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  onramp-marketplace operator add ada')
    .action(addOperator);

  operator
    .command('list')
    .description('all operators')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(listOperators);

  operator
    .command('link')
    .argument('<name>', 'whom it signs in', parseName)
    .description('make another link that signs in once, within a day')
    .addOption(urlOption())
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(linkOperator);

  operator
    .command('remove')
    .argument('<name>', 'who is removed', parseName)
    .description('remove an operator: the token, all sessions and links end at once')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(removeOperator);
}

async function addOperator(name: string, options: LinkOptions): Promise<void> {
  const token = createOperatorToken();
  const path = await withStore(options, async (store) => {
    const now = Date.now();
    const id = await store
      .addOperator({ name, tokenHash: hashOfKey(token), createdAt: now })
      .catch((error: unknown) => {
        throw error instanceof NameTakenError
          ? new CommandFailure(`${error.message} For another link: onramp-marketplace operator link`)
          : error;
      });
    await store.recordAudit(byCommand('operator added', name));
    return await makeOperatorLink(store, { id }, now);
  });
  const link = toAddress(path, options);
  print(
    options,
    { name, token, link },
    `Added ${name}.

  sign-in link  ${link}
  API token     ${token}

The link signs in once, within a day. The token is shown this once; with it, programs read what all providers
have reported: Authorization: Bearer <token>.`,
  );
}

async function listOperators(options: CommonOptions): Promise<void> {
  const operators = await withStore(options, (store) => store.listOperators());
  const rows = operators.map(summary);
  print(
    options,
    rows,
    table(
      ['NAME', 'ADDED', 'SIGNED IN', 'API TOKEN'],
      rows.map(({ name, createdAt, signedInAt, hasToken }) => [
        name,
        createdAt,
        signedInAt ?? 'never',
        hasToken ? 'yes' : '-',
      ]),
      'No operators yet. Add one: onramp-marketplace operator add <name>',
    ),
  );
}

async function linkOperator(name: string, options: LinkOptions): Promise<void> {
  const path = await withStore(options, async (store) => {
    const operator = await store.findOperator(name);
    if (!operator) throw noSuchOperator(name);
    const made = await makeOperatorLink(store, operator, Date.now());
    await store.recordAudit(byCommand('sign-in link made for operator', name));
    return made;
  });
  const link = toAddress(path, options);
  print(options, { name, link }, `This signs ${name} in, once, within a day:\n\n  ${link}`);
}

async function removeOperator(name: string, options: CommonOptions): Promise<void> {
  await withStore(options, async (store) => {
    if (!(await store.removeOperator(name))) throw noSuchOperator(name);
    await store.recordAudit(byCommand('operator removed', name));
  });
  print(options, { name, removed: true }, `Removed ${name}. The token, all sessions and links have ended.`);
}

function noSuchOperator(name: string): CommandFailure {
  return new CommandFailure(`There is no operator ${name}. See: onramp-marketplace operator list`);
}

function summary({ name, hasToken, createdAt, signedInAt }: Operator) {
  return {
    name,
    createdAt: new Date(createdAt).toISOString(),
    signedInAt: signedInAt === undefined ? null : new Date(signedInAt).toISOString(),
    hasToken,
  };
}
