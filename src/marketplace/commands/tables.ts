import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { isPostgres } from '../store/open.ts';
import { partitionTables, SpreadError } from '../store/postgres/partitions.ts';
import { orVariable } from './arguments.ts';
import {
  CommandFailure,
  type CommonOptions,
  cannotOpen,
  databaseOption,
  jsonOption,
  openStore,
  print,
} from './command.ts';

/** More would only make each statement that is of all providers dearer. */
const maxPartitions = 256;

/** `tables` */
export function addTablesCommand(program: Command): void {
  program
    .command('tables')
    .description("make the database's tables, or bring them up to date, and end: `serve` does so by itself")
    .addOption(
      orVariable(
        new Option(
          '--partitions <count>',
          'of PostgreSQL, while they are empty: spread the tables that grow over so many, by their providers',
        ),
        'ONRAMP_PARTITIONS',
      ).argParser(parsePartitions),
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Example:
  onramp-marketplace tables --partitions 8 --database postgres://onramp@127.0.0.1/onramp
Partitions are for good: docs/scale.md says when they are worth it, and how Citus spreads the same tables.`,
    )
    .action(makeTables);
}

async function makeTables(options: CommonOptions & { partitions?: number }): Promise<void> {
  const { database, partitions } = options;
  if (partitions !== undefined && !isPostgres(database)) {
    throw new CommandFailure('A SQLite file has no partitions.', 2);
  }
  await (await openStore(database)).close();
  if (partitions !== undefined) {
    try {
      await partitionTables(database, partitions);
    } catch (error) {
      if (!(error instanceof SpreadError)) throw cannotOpen(database, error);
      throw new CommandFailure(`The database can't be given ${partitions} partitions: ${error.message}.`);
    }
  }
  const spread = partitions === undefined ? '' : `, in ${partitions} partitions each where they grow`;
  print(options, { partitions: partitions ?? null }, `The tables are there${spread}.`);
}

function parsePartitions(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count >= 2 && count <= maxPartitions) return count;
  throw new InvalidArgumentError(`It takes a number from 2 to ${maxPartitions}.`);
}
