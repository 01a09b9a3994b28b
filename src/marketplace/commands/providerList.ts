import type { Command } from 'commander';
import { type CommonOptions, databaseOption, jsonOption, withStore } from './database.ts';
import { print } from './output.ts';
import { providerTable, summary } from './providerTable.ts';

/** `provider list` */
export function addProviderList(provider: Command): void {
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
