import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type FieldName, fieldNames } from '../../wire/account.ts';
import { describeForm, fieldsOf } from '../administration/orderForm.ts';
import { alwaysRequired } from '../provisioning/entries.ts';
import { maxLogoBytes, readLogo } from '../provisioning/logo.ts';
import { NameTakenError } from '../store/errors.ts';
import type { Logo, OrderForm } from '../store/orderForms.ts';
import type { Store } from '../store/store.ts';
import { collectField, parseOrderPath, parsePartnerKey, parseResellerKey } from './arguments.ts';
import { byCommand } from './byCommand.ts';
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
import { addProvisionCheck } from './provisionCheck.ts';

/** `provision form | list | check` */
export function addProvisionCommands(program: Command): void {
  const provision = program
    .command('provision')
    .description('order forms: accounts at a provider, ordered in the marketplace');
  addProvisionForm(provision);
  addProvisionList(provision);
  addProvisionCheck(provision);
}

interface FormOptions extends CommonOptions {
  path?: string;
  field?: FieldName[];
  required?: FieldName[];
  resellerKey?: string;
  /** False where --no-logo stands. */
  logo?: string | false;
}

/** `provision form` */
function addProvisionForm(provision: Command): void {
  provision
    .command('form')
    .argument('<partner-key>', 'whose form it is', parsePartnerKey)
    .description("make a provider's order form, or change it; only what is given changes")
    .option('--path <path>', 'name of its page, /order/<path>; needed the first time', parseOrderPath)
    .option('--field <name>', 'ask for it, may be left empty; repeat it for more', collectField)
    .option('--required <name>', 'ask for it and demand it; repeat it for more', collectField)
    .option(
      '--reseller-key <key>',
      "the marketplace's own key there, sent along, not asked",
      parseResellerKey,
    )
    .option('--logo <file>', `PNG, SVG or WebP of at most ${maxLogoBytes / 1024} KiB`)
    .option('--no-logo', "show the provider's name instead")
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', help)
    .action(setForm);
}

const help = `
Fields: ${fieldNames.join(', ')}.
${alwaysRequired.join(' and ')} are always asked and required. --field and --required replace those before, together.

Example:
  onramp-marketplace provision form pk_acme_crm_x7k2 --path acme-crm --required company \\
    --required password --field phone --logo ./acme.svg`;

async function setForm(partnerKey: string, options: FormOptions): Promise<void> {
  const logo = options.logo ? await loadLogo(options.logo) : undefined;
  const form = await withStore(options, (store) => putForm(store, partnerKey, options, logo));
  const hint = form.isOpen ? '' : `\n\n${closedHint(form)}`;
  print(options, summary(form), formTable([form]) + hint);
}

async function putForm(
  store: Store,
  partnerKey: string,
  { path: newPath, field, required, resellerKey: newResellerKey, logo: logoOption }: FormOptions,
  newLogo: Logo | undefined,
): Promise<OrderForm> {
  const provider = await store.findProvider(partnerKey);
  if (!provider) throw noSuchProvider(partnerKey);
  const before = await store.findOrderFormOf(provider.id);
  const path = newPath ?? before?.path;
  if (path === undefined) {
    throw new CommandFailure('Give --path, the name of its page: /order/<path>.', 2);
  }
  const fields = field || required ? fieldsOf(field, required) : (before?.fields ?? fieldsOf());
  const resellerKey = newResellerKey ?? before?.resellerKey;
  const logo = logoOption === false ? undefined : (newLogo?.version ?? before?.logo);
  if (newLogo) await store.keepLogo(newLogo);
  await store
    .putOrderForm({ providerId: provider.id, path, fields, resellerKey, logo })
    .catch((error: unknown) => {
      throw error instanceof NameTakenError
        ? new CommandFailure(`${error.message} Choose another --path.`)
        : error;
    });
  await store.recordAudit(byCommand('order form changed', partnerKey, describeForm({ path, fields })));
  const form = await store.findOrderForm(path);
  if (!form) throw new CommandFailure(`The form of ${partnerKey} was taken away meanwhile.`);
  return form;
}

async function loadLogo(file: string): Promise<Logo> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw new CommandFailure(`The logo cannot be read: ${error.message}`);
  });
  if (bytes.length > maxLogoBytes) {
    throw new CommandFailure(`The logo ${file} is larger than ${maxLogoBytes / 1024} KiB.`);
  }
  const logo = readLogo(bytes);
  if (logo) return logo;
  throw new CommandFailure(`The logo ${file} is neither a PNG nor an SVG nor a WebP image.`);
}

function closedHint({ partnerKey }: OrderForm): string {
  return `It takes no orders until the provider is enabled and has an address to call:

  onramp-marketplace provider set ${partnerKey} --enabled --provision-url <url>`;
}

/** `provision list` */
function addProvisionList(provision: Command): void {
  provision
    .command('list')
    .description('all order forms')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(listForms);
}

async function listForms(options: CommonOptions): Promise<void> {
  const forms = await withStore(options, (store) => store.listOrderForms());
  print(options, forms.map(summary), formTable(forms));
}

/** A form without the reseller key: the provider may take it for a proof. */
function summary({ partnerKey, path, fields, resellerKey, logo, isOpen }: OrderForm) {
  return {
    partnerKey,
    path: `/order/${path}`,
    fields,
    hasResellerKey: resellerKey !== undefined,
    logo: logo === undefined ? null : `/logos/${logo}`,
    open: isOpen,
  };
}

/** Forms as people read them; a star marks what is required. */
function formTable(forms: readonly OrderForm[]): string {
  const rows = forms.map((form) => [
    `/order/${form.path}`,
    form.partnerKey,
    form.isOpen ? 'open' : 'closed',
    form.logo === undefined ? '-' : 'yes',
    form.resellerKey === undefined ? '-' : 'yes',
    form.fields.map(({ name, required }) => (required ? `${name}*` : name)).join(' '),
  ]);
  const headings = ['PAGE', 'PROVIDER', 'STATE', 'LOGO', 'RESELLER KEY', 'FIELDS (* REQUIRED)'];
  return table(headings, rows, 'No order forms yet. Make one: onramp-marketplace provision form --help');
}
