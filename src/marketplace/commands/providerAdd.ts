import type { Command } from 'commander';
import { toWebhookSecret } from '../../provider/webhook.ts';
import type { Level } from '../../wire/fields.ts';
import { createPartnerKey } from '../providers/partnerKey.ts';
import { createSecret } from '../providers/secret.ts';
import { NameTakenError } from '../store/store.ts';
import { collectOrigin, levelHelp, originHelp, parseLevel, parsePartnerKey } from './arguments.ts';
import { type CommonOptions, databaseOption, jsonOption, withStore } from './database.ts';
import { CommandFailure } from './failure.ts';
import { print } from './output.ts';
import { scriptTag } from './scriptTag.ts';

interface AddOptions extends CommonOptions {
  origin?: string[];
  key?: string;
  minimumLevel: Level;
}

/** `provider add` */
export function addProviderAdd(provider: Command): void {
  provider
    .command('add <name>')
    .description('register a provider; prints its partner key and its secret')
    .option('--origin <origin>', originHelp, collectOrigin)
    .option('--key <partner-key>', 'partner key to use; made from the name otherwise', parsePartnerKey)
    .option('--minimum-level <level>', levelHelp, parseLevel, 'unsigned')
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
For the provider's pages:

  ${scriptTag(partnerKey, name)}`,
  );
}
