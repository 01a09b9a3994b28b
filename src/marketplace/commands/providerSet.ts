import type { Command } from 'commander';
import type { Level } from '../../wire/fields.ts';
import { collectOrigin, levelHelp, originHelp, parseLevel } from './arguments.ts';
import { type CommonOptions, databaseOption, jsonOption, withStore } from './database.ts';
import { CommandFailure } from './failure.ts';
import { print } from './output.ts';
import { noSuchProvider, providerTable, summary } from './providerTable.ts';

interface SetOptions extends CommonOptions {
  origin?: string[];
  minimumLevel?: Level;
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
    .option('--disabled', 'take nothing more from this provider')
    .option('--enabled', 'take its messages again')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  onramp-marketplace provider set pk_acme_crm_x7k2 --minimum-level origin',
    )
    .action(setProvider);
}

async function setProvider(partnerKey: string, options: SetOptions): Promise<void> {
  const { origin: origins, minimumLevel, disabled, enabled } = options;
  if (disabled && enabled) throw new CommandFailure('Give either --disabled or --enabled.', 2);
  const settings = {
    ...(origins && { origins }),
    ...(minimumLevel && { minimumLevel }),
    ...((disabled || enabled) && { disabled: disabled === true }),
  };
  if (Object.keys(settings).length === 0) {
    throw new CommandFailure(
      'Nothing to change: give --origin, --minimum-level, --disabled or --enabled.',
      2,
    );
  }
  const provider = await withStore(options, async (store) => {
    await store.changeProvider(partnerKey, settings);
    return await store.findProvider(partnerKey);
  });
  if (!provider) throw noSuchProvider(partnerKey);
  print(options, summary(provider), providerTable([provider]));
}
