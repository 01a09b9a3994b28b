import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { dayMs } from '../../wire/fields.ts';
import { ListenError } from '../http/connections.ts';
import type { ServeSettings } from '../serve.ts';
import { unlessUnavailable } from '../store/errors.ts';
import { CommandFailure, type CommonOptions, databaseOption, jsonOption } from './command.ts';
import { toAddress } from './linkAddress.ts';
import type { Opened } from './openForService.ts';
import { readSettings, type Settings, settingOptions } from './settings.ts';

const scriptFile = fileURLToPath(new URL('../../../dist/onramp.js', import.meta.url));
const panelFile = fileURLToPath(new URL('../../../dist/onramp_debug.js', import.meta.url));

/** What the system says of an address that can't be listened at, and whether the user has to give another. */
const listenFailures: Record<string, { message: string; exitCode: 1 | 2 }> = {
  EADDRINUSE: { message: 'the port is in use. Stop what uses it, or choose another --port.', exitCode: 1 },
  EACCES: { message: 'the system does not allow this port. Choose one from 1024 up.', exitCode: 1 },
  EADDRNOTAVAIL: { message: 'the host is no address of this machine.', exitCode: 2 },
  ENOTFOUND: { message: 'there is no such host.', exitCode: 2 },
  EAI_AGAIN: { message: 'the host cannot be looked up.', exitCode: 2 },
};

const examples = `
Examples:
  onramp-marketplace serve
  onramp-marketplace serve --port 8080 --database /var/lib/onramp/onramp.db

On PostgreSQL, which several instances may share:
  DATABASE_URL='postgres://onramp:password@127.0.0.1/onramp' onramp-marketplace serve

Behind a proxy that speaks TLS and sets X-Forwarded-For, with metrics for this machine alone:
  onramp-marketplace serve --trusted-proxies 1 --metrics-port 9464
  curl http://127.0.0.1:9464/metrics

The same by variables:
  ONRAMP_TRUSTED_PROXIES=1 ONRAMP_METRICS_PORT=9464 onramp-marketplace serve

An option counts before its variable; an empty variable counts as none. Limits let a whole minute's worth
come at once. Requests from this machine itself (loopback) are not limited by address: behind a proxy that
runs here, set --trusted-proxies. /livez says that the process answers, /readyz that it can store.
docs/running.md tells more: TLS, backup, upgrades, what each 503 means.`;

/** `serve` */
export function addServeCommand(program: Command): void {
  const command = program
    .command('serve')
    .description('run the service until SIGTERM or SIGINT; logs JSON lines to stdout')
    .addOption(databaseOption());
  for (const option of settingOptions) command.addOption(option);
  command.addOption(jsonOption()).addHelpText('after', examples).action(runService);
}

async function runService({ json, terminal }: CommonOptions, command: Command): Promise<void> {
  const settings = readSettings(command);
  // Loaded here, so that the other commands don't wait for a web server that they never start.
  const [{ serve, nextSignal, openLog }, { loadScript }, { openForService }, { offerFirstSignIn }] =
    await Promise.all([
      import('../serve.ts'),
      import('../script.ts'),
      import('./openForService.ts'),
      import('../signin/links.ts'),
    ]);
  // Asked for first, so that a signal that comes while the service starts isn't lost.
  const signal = nextSignal();
  const tell = (found: Record<string, string>, text: string) =>
    terminal.error(`${json ? JSON.stringify(found) : text}\n`);
  const [script, panel] = await Promise.all([loadScript(scriptFile), loadScript(panelFile)]);
  const starting = { settings: serviceSettings(settings), script, panel, log: openLog(), signal };
  const warn = (warning: string) => tell({ warning }, warning);
  let opened: Opened | undefined;
  try {
    opened = await openForService({ ...starting, ...settings, warn });
    if (!opened) return;
    // A database that can't be written just now is no reason not to start: /readyz says so.
    const firstSignIn = await offerFirstSignIn(opened.store, Date.now()).catch(unlessUnavailable);
    await serve({
      ...starting,
      ...opened,
      onListening: (url) => {
        tell({ url }, `onramp-marketplace listens on ${url}`);
        if (firstSignIn === undefined) return;
        const signInUrl = toAddress(firstSignIn, { url: settings.url ?? url });
        tell({ signInUrl }, `sign in to its console, once, within a day: ${signInUrl}`);
      },
      onMetricsListening: (url) => tell({ metricsUrl: url }, `metrics are at ${url}`),
    });
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    const { host, port, code } = error;
    const failure = listenFailures[code] ?? { message: error.message, exitCode: 1 };
    throw new CommandFailure(`Cannot listen at ${host} port ${port}: ${failure.message}`, failure.exitCode);
  } finally {
    await opened?.close();
  }
}

/** The settings as the service takes them. */
export function serviceSettings({
  limitAddress,
  limitKey,
  limitProvider,
  limitOrders,
  queue,
  retentionDays,
  visitsRetentionDays = retentionDays,
  clicksRetentionDays = retentionDays,
  // A folder; what is opened there is the service's own.
  spool: _spool,
  ...others
}: Settings): ServeSettings {
  const limits = {
    perAddress: limitAddress,
    perKey: limitKey,
    perProvider: limitProvider,
    orders: limitOrders,
  };
  const retention = {
    purchases: toMs(retentionDays),
    visits: toMs(visitsRetentionDays),
    clicks: toMs(clicksRetentionDays),
  };
  return { ...others, limits, maxWaiting: queue, retention };
}

/** In milliseconds. */
function toMs(days: number | undefined): number | undefined {
  return days === undefined ? undefined : days * dayMs;
}
