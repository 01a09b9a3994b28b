import type { Command } from 'commander';
import type { Level } from '../../wire/fields.ts';
import { collectOrigin, levelHelp, originHelp, parseLevel, parseProvisionUrl } from './arguments.ts';
import { type CommonOptions, databaseOption, jsonOption, withStore } from './database.ts';
import { CommandFailure } from './failure.ts';
import { print } from './output.ts';
import { noSuchProvider, providerTable, summary } from './providerTable.ts';

interface SetOptions extends CommonOptions {
  origin?: string[];
  minimumLevel?: Level;
  provisionUrl?: string;
  idempotent?: true;
  notIdempotent?: true;
  disabled?: true;
  enabled?: true;
}

/** `provider set` */
export function addProviderSet(provider: Command): void {
  provider
    .command('set <partner-key>')
    .description('change a provider; only what is given changes')
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
    await store.changeProvider(partnerKey, settings);
    return await store.findProvider(partnerKey);
  });
  if (!provider) throw noSuchProvider(partnerKey);
  print(options, summary(provider), providerTable([provider]));
}
