import type { Command } from 'commander';
import { toWebhookSecret } from '../../provider/webhook.ts';
import type { Level } from '../../wire/fields.ts';
import { describeChanges } from '../administration/changes.ts';
import { createPartnerKey, createSecret, isLive } from '../providers/secret.ts';
import { NameTakenError } from '../store/errors.ts';
import type { Provider } from '../store/providers.ts';
import {
  collectOrigin,
  levelHelp,
  originHelp,
  parseKeyId,
  parseLevel,
  parseName,
  parsePartnerKey,
  parseProvisionUrl,
} from './arguments.ts';
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
import { serviceUrlOption } from './linkAddress.ts';
import { addProviderLink } from './providerLink.ts';

/** `provider add | set | list | rotate | revoke | link` */
export function addProviderCommands(program: Command): void {
  const provider = program.command('provider').description('SaaS providers, their keys, secrets and origins');
  addProviderAdd(provider);
  addProviderSet(provider);
  addProviderList(provider);
  addProviderRotate(provider);
  addProviderRevoke(provider);
  addProviderLink(provider);
}

interface AddOptions extends CommonOptions {
  origin?: string[];
  key?: string;
  minimumLevel: Level;
  url?: string;
}

/** `provider add` */
function addProviderAdd(provider: Command): void {
  provider
    .command('add')
    .argument('<name>', 'what people know it by', parseName)
    .description('register a provider; prints its partner key and its secret')
    .option('--origin <origin>', originHelp, collectOrigin)
    .option('--key <partner-key>', 'partner key to use; made from the name otherwise', parsePartnerKey)
    .option('--minimum-level <level>', levelHelp, parseLevel, 'unsigned')
    .addOption(serviceUrlOption('for the line to paste'))
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  onramp-marketplace provider add "Acme CRM" --origin https://acme.example',
    )
    .action(addProvider);
}

async function addProvider(name: string, options: AddOptions): Promise<void> {
  const { origin: origins = [], minimumLevel, key: partnerKey = createPartnerKey(name) } = options;
  const secret = createSecret(Date.now());
  await withStore(options, async (store) => {
    await store
      .addProvider({ partnerKey, name, origins, minimumLevel, disabled: false }, secret)
      .catch((error: unknown) => {
        throw error instanceof NameTakenError
          ? new CommandFailure(`${error.message} Choose another --key.`)
          : error;
      });
    await store.recordAudit(byCommand('provider added', partnerKey, name));
  });
  const { keyId } = secret;
  const webhookSecret = toWebhookSecret(secret.secret);
  print(
    options,
    { partnerKey, name, origins, minimumLevel, keyId, secret: secret.secret, webhookSecret },
    `Added ${name}.

  partner key     ${partnerKey}
  secret          ${secret.secret}
  webhook secret  ${webhookSecret}

The secret is shown this once: keep it on the provider's server, never in a page. The webhook secret
is the same one as libraries for Standard Webhooks take it, to verify orders.
${forPages(partnerKey, name, options.url)}`,
  );
}

interface SetOptions extends CommonOptions {
  name?: string;
  origin?: string[];
  minimumLevel?: Level;
  provisionUrl?: string;
  idempotent?: true;
  notIdempotent?: true;
  disabled?: true;
  enabled?: true;
}

/** `provider set` */
function addProviderSet(provider: Command): void {
  provider
    .command('set <partner-key>')
    .description('change a provider; only what is given changes')
    .option('--name <name>', 'what people know it by', parseName)
    .option('--origin <origin>', `${originHelp}; replaces those before`, collectOrigin)
    .option('--minimum-level <level>', levelHelp, parseLevel)
    .option('--provision-url <url>', 'where orders of accounts are posted to', parseProvisionUrl)
    .option('--idempotent', 'the same order sent twice makes one account there: send it again when in doubt')
    .option('--not-idempotent', 'it might make two: when in doubt, a person decides')
    .option('--disabled', 'take nothing more from this provider')
    .option('--enabled', 'take its messages again')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  onramp-marketplace provider set pk_acme_crm_x7k2 --minimum-level origin' +
        '\n  onramp-marketplace provider set pk_acme_crm_x7k2 --idempotent \\\n' +
        '    --provision-url https://acme.example/acme-crm-provision-account/',
    )
    .action(setProvider);
}

async function setProvider(partnerKey: string, options: SetOptions): Promise<void> {
  const {
    name,
    origin: origins,
    minimumLevel,
    disabled,
    enabled,
    provisionUrl,
    idempotent,
    notIdempotent,
  } = options;
  if (disabled && enabled) throw new CommandFailure('Give either --disabled or --enabled.', 2);
  if (idempotent && notIdempotent) {
    throw new CommandFailure('Give either --idempotent or --not-idempotent.', 2);
  }
  const settings = {
    ...(name !== undefined && { name }),
    ...(origins && { origins }),
    ...(minimumLevel && { minimumLevel }),
    ...(provisionUrl && { provisionUrl }),
    ...((idempotent || notIdempotent) && { idempotent: idempotent === true }),
    ...((disabled || enabled) && { disabled: disabled === true }),
  };
  if (Object.keys(settings).length === 0) {
    throw new CommandFailure('Nothing to change: give one of the options that --help lists.', 2);
  }
  const provider = await withStore(options, async (store) => {
    const before = await store.findProvider(partnerKey);
    await store.changeProvider(partnerKey, settings);
    const after = await store.findProvider(partnerKey);
    const detail = before && after && describeChanges(before, after);
    if (detail) await store.recordAudit(byCommand('provider changed', partnerKey, detail));
    return after;
  });
  if (!provider) throw noSuchProvider(partnerKey);
  print(options, summary(provider), providerTable([provider]));
}

/** `provider list` */
function addProviderList(provider: Command): void {
  provider
    .command('list')
    .description('all providers, without their secrets')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(listProviders);
}

async function listProviders(options: CommonOptions): Promise<void> {
  const providers = await withStore(options, (store) => store.listProviders());
  print(options, providers.map(summary), providerTable(providers));
}

/** `provider rotate` */
function addProviderRotate(provider: Command): void {
  provider
    .command('rotate <partner-key>')
    .description('make a new secret; the one before stays good until the next rotation')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(rotateSecret);
}

async function rotateSecret(partnerKey: string, options: CommonOptions): Promise<void> {
  const secret = createSecret(Date.now());
  await withStore(options, async (store) => {
    if (!(await store.addSecret(partnerKey, secret))) throw noSuchProvider(partnerKey);
    await store.recordAudit(byCommand('secret rotated', partnerKey, `os_${secret.keyId}_…`));
  });
  const webhookSecret = toWebhookSecret(secret.secret);
  print(
    options,
    { partnerKey, keyId: secret.keyId, secret: secret.secret, webhookSecret },
    `The new secret of ${partnerKey}, shown this once:

  ${secret.secret}

and as libraries for Standard Webhooks take it:

  ${webhookSecret}

The secret before it works until the next rotation. One that is older is no longer taken; signatures that were made
with it until now are, for 9 days. A secret that others may know: onramp-marketplace provider revoke`,
  );
}

const revokeNotes = `
At once nothing is believed any more that the secret proves, or has signed: purchases under way whose signature it made
are refused, and can be replayed as unsigned. Rotate first, so that the provider has another one to go on with.

Example, for the secret os_k3y1d000_…:
  onramp-marketplace provider rotate pk_acme_crm_x7k2
  onramp-marketplace provider revoke pk_acme_crm_x7k2 k3y1d000`;

/** `provider revoke` */
function addProviderRevoke(provider: Command): void {
  provider
    .command('revoke')
    .argument('<partner-key>', 'whose secret it is', parsePartnerKey)
    .argument('<key-id>', 'the second part of the secret, os_<key id>_…', parseKeyId)
    .description('end a secret at once, since others may know it')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', revokeNotes)
    .action(revokeSecret);
}

async function revokeSecret(partnerKey: string, keyId: string, options: CommonOptions): Promise<void> {
  const provider = await withStore(options, async (store) => {
    const isKnown = await store.revokeSecret(partnerKey, keyId);
    const owner = await store.findProvider(partnerKey);
    if (owner && !isKnown) {
      throw new CommandFailure(
        `${partnerKey} has no secret with the key id ${keyId}: it may be revoked already.`,
      );
    }
    if (isKnown) await store.recordAudit(byCommand('secret revoked', partnerKey, `os_${keyId}_…`));
    return owner;
  });
  if (!provider) throw noSuchProvider(partnerKey);
  const { liveKeyIds } = summary(provider);
  const rest =
    liveKeyIds.length > 0
      ? `Still good: ${liveKeyIds.join(', ')}.`
      : `${partnerKey} has none left: onramp-marketplace provider rotate ${partnerKey}`;
  print(
    options,
    { partnerKey, keyId, liveKeyIds },
    `Revoked ${keyId}; a running service knows within a second. ${rest}`,
  );
}

/**
 * The line that a provider pastes. It names the endpoint, since some optimisers serve scripts from the page's own site. The
 * base address is a placeholder where none was given.
 */
function forPages(partnerKey: string, serviceName: string, url?: string): string {
  const baseUrl = url?.replace(/\/+$/, '') ?? 'https://marketplace.example';
  const name = serviceName.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const hint = url ? '' : `, with your address for ${baseUrl} (or set ONRAMP_BASE_URL)`;
  return `For the provider's pages${hint}:

  <script async src="${baseUrl}/onramp.js" data-endpoint="${baseUrl}" data-partner-key="${partnerKey}" data-service-name="${name}"></script>`;
}

/** A provider without its secrets. */
function summary(provider: Provider) {
  const { partnerKey, name, origins, minimumLevel, disabled, secrets, idempotent } = provider;
  const provisionUrl = provider.provisionUrl ?? null;
  const liveKeyIds = secrets.filter(isLive).map(({ keyId }) => keyId);
  return { partnerKey, name, origins, minimumLevel, disabled, provisionUrl, idempotent, liveKeyIds };
}

/** Providers as people read them. */
function providerTable(providers: readonly Provider[]): string {
  const rows = providers
    .map(summary)
    .map((provider) => [
      provider.partnerKey,
      provider.name,
      provider.disabled ? 'disabled' : 'enabled',
      provider.minimumLevel,
      provider.liveKeyIds.join(' '),
      provider.origins.join(' ') || '-',
      provider.provisionUrl ? `${provider.provisionUrl}${provider.idempotent ? ' (idempotent)' : ''}` : '-',
    ]);
  const headings = ['PARTNER KEY', 'NAME', 'STATE', 'MINIMUM', 'LIVE SECRETS', 'ORIGINS', 'ORDERS GO TO'];
  return table(headings, rows, 'No providers yet. Add one: onramp-marketplace provider add <name>');
}
