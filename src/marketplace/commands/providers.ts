import type { Command } from 'commander';
import { addProviderAdd } from './providerAdd.ts';
import { addProviderList } from './providerList.ts';
import { addProviderRotate } from './providerRotate.ts';
import { addProviderSet } from './providerSet.ts';

/** `provider add | set | list | rotate` */
export function addProviderCommands(program: Command): void {
  const provider = program.command('provider').description('SaaS providers, their keys, secrets and origins');
  addProviderAdd(provider);
  addProviderSet(provider);
  addProviderList(provider);
  addProviderRotate(provider);
}
