import { fileURLToPath } from 'node:url';
import { type Command, Option } from 'commander';
import { dayMs } from '../../wire/fields.ts';
import { orVariable, parseDays, parsePort } from './arguments.ts';
import { type CommonOptions, databaseOption, jsonOption, openStore } from './database.ts';
import { CommandFailure } from './failure.ts';

interface ServeOptions extends CommonOptions {
  host: string;
  port: number;
  script: string;
  retentionDays?: number;
}

const builtScript = fileURLToPath(new URL('../../../dist/onramp.js', import.meta.url));
/** Not an option: whatever script is served, this is the panel that knows this service's answers. */
const builtPanel = fileURLToPath(new URL('../../../dist/onramp_debug.js', import.meta.url));

/** What the system says of an address that can't be listened at, and whether the user has to give another. */
const listenFailures: Record<string, { message: string; exitCode: 1 | 2 }> = {
  EADDRINUSE: { message: 'the port is in use. Stop what uses it, or choose another --port.', exitCode: 1 },
  EACCES: { message: 'the system does not allow this port. Choose one from 1024 up.', exitCode: 1 },
  EADDRNOTAVAIL: { message: 'the host is no address of this machine.', exitCode: 2 },
  ENOTFOUND: { message: 'there is no such host.', exitCode: 2 },
  EAI_AGAIN: { message: 'the host cannot be looked up.', exitCode: 2 },
};

/** `serve` */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the service until SIGTERM or SIGINT; logs JSON lines to stdout')
    .addOption(orVariable(new Option('--host <host>', 'address to listen at'), 'HOST').default('127.0.0.1'))
    .addOption(
      orVariable(new Option('--port <port>', 'port to listen at, 0 for any'), 'PORT')
        .default(4747)
        .argParser(parsePort),
    )
    .addOption(
      new Option('--script <file>', "the pixel's script to serve").default(builtScript, 'dist/onramp.js'),
    )
    .addOption(
      orVariable(
        new Option(
          '--retention-days <days>',
          'delete purchases, visits and clicks after so many days; kept without it. ' +
            'Below 30, a copy that comes late may count anew',
        ),
        'RETENTION_DAYS',
      ).argParser(parseDays),
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  onramp-marketplace serve --host 0.0.0.0 --port 80 --database /var/lib/onramp.db',
    )
    .action(runService);
}

async function runService({
  host,
  port,
  script,
  retentionDays,
  database,
  json,
}: ServeOptions): Promise<void> {
  // Loaded here, so that the other commands don't wait for a web server that they never start.
  const { serve } = await import('../serve.ts');
  const store = await openStore(database);
  try {
    await serve({
      store,
      host,
      port,
      scriptFile: script,
      panelFile: builtPanel,
      retentionMs: retentionDays === undefined ? undefined : retentionDays * dayMs,
      onListening: (url) => {
        process.stderr.write(
          json ? `${JSON.stringify({ url })}\n` : `onramp-marketplace listens on ${url}\n`,
        );
      },
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const failure = listenFailures[code];
    if (!failure) throw error;
    throw new CommandFailure(`Cannot listen at ${host} port ${port}: ${failure.message}`, failure.exitCode);
  } finally {
    await store.close();
  }
}
