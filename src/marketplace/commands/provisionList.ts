import type { Command } from 'commander';
import { type CommonOptions, databaseOption, jsonOption, withStore } from './database.ts';
import { print } from './output.ts';
import { formTable, summary } from './provisionTable.ts';

/** `provision list` */
export function addProvisionList(provision: Command): void {
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
