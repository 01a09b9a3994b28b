import type { Command } from 'commander';
import { toWebhookSecret } from '../../provider/webhook.ts';
import { createSecret } from '../providers/secret.ts';
import { type CommonOptions, databaseOption, jsonOption, withStore } from './database.ts';
import { print } from './output.ts';
import { noSuchProvider } from './providerTable.ts';

/** `provider rotate` */
export function addProviderRotate(provider: Command): void {
  provider
    .command('rotate <partner-key>')
    .description('make a new secret; the one before stays good until the next rotation')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(rotateSecret);
}

async function rotateSecret(partnerKey: string, options: CommonOptions): Promise<void> {
  const secret = createSecret(Date.now());
  const isKnown = await withStore(options, (store) => store.addSecret(partnerKey, secret));
  if (!isKnown) throw noSuchProvider(partnerKey);
  const webhookSecret = toWebhookSecret(secret.secret);
  print(
    options,
    { partnerKey, keyId: secret.keyId, secret: secret.secret, webhookSecret },
    `The new secret of ${partnerKey}, shown this once:

  ${secret.secret}

and as libraries for Standard Webhooks take it:

  ${webhookSecret}

The secret before it works until the next rotation. One that is older is no longer taken;
signatures made with it are, for 9 days.`,
  );
}
