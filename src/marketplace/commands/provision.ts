import type { Command } from 'commander';
import { addProvisionForm } from './provisionForm.ts';
import { addProvisionList } from './provisionList.ts';

/** `provision form | list` */
export function addProvisionCommands(program: Command): void {
  const provision = program
    .command('provision')
    .description('order forms: accounts at a provider, ordered in the marketplace');
  addProvisionForm(provision);
  addProvisionList(provision);
}
