import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { isPostgres } from '../store/open.ts';
import { backUpSqlite } from '../store/sqlite/backup.ts';
import {
  CommandFailure,
  type CommonOptions,
  databaseOption,
  jsonOption,
  messageOf,
  print,
} from './command.ts';

/** Why the system doesn't open the copy, and what to do. */
const openFailures: Record<string, string> = {
  EEXIST: 'it is there already. Give the copy another name.',
  ENOENT: 'its folder is not there. Make it first.',
  EACCES: 'this user may not write there.',
};

/** `backup <file>` */
export function addBackupCommand(program: Command): void {
  program
    .command('backup')
    .description('copy the ledger as it stands into a new file, while the service runs')
    .argument('<file>', 'the copy; it must not be there yet, and holds the secrets as the ledger does')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  onramp-marketplace backup /backups/onramp-$(date +%F).db
To restore, end the service, and then:
  rm -f data/onramp.db data/onramp.db-wal data/onramp.db-shm
  cp /backups/onramp-2026-11-24.db data/onramp.db`,
    )
    .action(backUp);
}

function backUp(file: string, options: CommonOptions): void {
  const { database } = options;
  if (isPostgres(database)) throw new CommandFailure('Back a PostgreSQL database up with pg_dump.', 2);
  try {
    backUpSqlite(database, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = openFailures[code] ?? messageOf(error);
    throw new CommandFailure(`The database ${database} cannot be backed up to ${file}: ${reason}`);
  }
  const { size } = statSync(file);
  print(options, { file, bytes: size }, `${file} has the ledger as it was, ${size} bytes.`);
}
