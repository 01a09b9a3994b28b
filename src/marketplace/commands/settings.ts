import { statSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { parseWebAddress } from '../administration/values.ts';
import { defaultLimits } from '../limits/limits.ts';
import { isAddress, isPostgres, unknownAddress } from '../store/open.ts';
import { isReadable } from '../store/postgres/address.ts';
import { defaultMaxWaiting } from '../store/writer.ts';
import { orVariable } from './arguments.ts';
import { CommandFailure } from './command.ts';

const maxProxies = 10;
const maxPerMinute = 1_000_000_000;
const maxQueue = 1_000_000;
const maxDays = 99_999;

const port = wholeNumber(0, 65_535, 'a port is a number from 0 to 65535; 0 takes any free one');
const host = z.string().regex(/^[A-Za-z0-9._:%-]+$/, {
  error: 'a host is a name or an address, without http:// and port, for example 127.0.0.1 or 0.0.0.0',
});
const days = wholeNumber(1, maxDays, `it takes a whole number of days, from 1 to ${maxDays}`);
const perMinute = wholeNumber(0, maxPerMinute, 'it takes a number of requests a minute; 0 for no limit');

const schema = z
  .object({
    host,
    port,
    url: z
      .string()
      .refine((text) => parseWebAddress(text) !== undefined, {
        error: 'it takes an http or https address, for example https://market.example',
      })
      .optional(),
    database: z
      .string()
      .refine((database) => !isPostgres(database) || isReadable(database), {
        error:
          'this is no address of a database; it looks like postgres://user:password@host:5432/name, with the ' +
          'characters : / ? # @ % of a password written as %3A %2F %3F %23 %40 %25',
      })
      .refine((database) => isPostgres(database) || !isAddress(database), { error: unknownAddress })
      .refine((database) => isPostgres(database) || !isFolder(database), {
        error: 'this is a folder; it takes the path of a file',
      }),
    trustedProxies: wholeNumber(
      0,
      maxProxies,
      `it takes the number of your own proxies before the service, from 0 to ${maxProxies}`,
    ),
    limitAddress: perMinute,
    limitKey: perMinute,
    limitProvider: perMinute,
    limitOrders: perMinute,
    queue: wholeNumber(1, maxQueue, `it takes a number of entries from 1 to ${maxQueue}`),
    retentionDays: days.optional(),
    visitsRetentionDays: days.optional(),
    clicksRetentionDays: days.optional(),
    spool: z.string().optional(),
    metricsHost: host,
    metricsPort: port.optional(),
  })
  .refine(({ port, metricsPort }) => !port || port !== metricsPort, {
    path: ['metricsPort'],
    error: 'it has to differ from --port, which is open to the world',
  });

export type Settings = z.output<typeof schema>;

/** The settings of `serve` as options and as variables; they are judged together, by readSettings. */
export const settingOptions: readonly Option[] = [
  setting('--host <host>', 'HOST', 'address to listen at; 0.0.0.0 for all').default('127.0.0.1'),
  setting('--port <port>', 'PORT', 'port to listen at, 0 for any').default('4747'),
  setting(
    '--url <address>',
    'ONRAMP_BASE_URL',
    'where people reach the service, for the link that its first start prints; without it, where it listens',
  ),
  setting(
    '--trusted-proxies <count>',
    'ONRAMP_TRUSTED_PROXIES',
    'your own proxies before the service, each of which adds to X-Forwarded-For',
  ).default('0'),
  setting(
    '--limit-address <count>',
    'ONRAMP_LIMIT_ADDRESS',
    'requests a minute from one address, or IPv6 /64; 0 for no limit',
  ).default(String(defaultLimits.perAddress)),
  setting(
    '--limit-key <count>',
    'ONRAMP_LIMIT_KEY',
    'messages a minute with one partner key that prove nothing',
  ).default(String(defaultLimits.perKey)),
  setting(
    '--limit-provider <count>',
    'ONRAMP_LIMIT_PROVIDER',
    "messages a minute with one provider's signature or secret",
  ).default(String(defaultLimits.perProvider)),
  setting(
    '--limit-orders <count>',
    'ONRAMP_LIMIT_ORDERS',
    'orders a minute at one provider, a tenth of them from one address',
  ).default(String(defaultLimits.orders)),
  setting(
    '--queue <count>',
    'ONRAMP_QUEUE',
    'entries that may wait for the disk; what is beyond is answered 503',
  ).default(String(defaultMaxWaiting)),
  setting(
    '--retention-days <days>',
    'ONRAMP_RETENTION_DAYS',
    'delete purchases, all other events and clicks after so many days; kept without it. Figures stay',
  ),
  setting(
    '--visits-retention-days <days>',
    'ONRAMP_VISITS_RETENTION_DAYS',
    'the same of visits alone, in the place of --retention-days',
  ),
  setting(
    '--clicks-retention-days <days>',
    'ONRAMP_CLICKS_RETENTION_DAYS',
    'the same of clicks alone, in the place of --retention-days',
  ),
  setting(
    '--spool <folder>',
    'ONRAMP_SPOOL',
    'where clicks on links wait while the database is away; without it beside the SQLite file, else ./data/spool',
  ),
  setting('--metrics-port <port>', 'ONRAMP_METRICS_PORT', 'port of /metrics; without it there are none'),
  setting(
    '--metrics-host <host>',
    'ONRAMP_METRICS_HOST',
    'address of /metrics, which must not be open to the world',
  ).default('127.0.0.1'),
];

/**
 * Judges all settings of the command.
 *
 * @throws CommandFailure that names every wrong one, where it was given and what it takes
 */
export function readSettings(command: Command): Settings {
  const result = schema.safeParse(command.opts());
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    // The address of a database may hold a password.
    const value = name === 'database' ? '' : ` is "${command.getOptionValue(name)}"`;
    return `${placeOf(command, name)}${value}: ${message}.`;
  });
  const [first = '', ...others] = [...new Set(mistakes)];
  if (others.length === 0) throw new CommandFailure(first, 2);
  throw new CommandFailure(
    `Settings are wrong:\n${[first, ...others].map((text) => `  ${text}`).join('\n')}`,
    2,
  );
}

function placeOf(command: Command, name: string): string {
  const option = command.options.find((known) => known.attributeName() === name);
  const isVariable = command.getOptionValueSource(name) === 'env';
  return (isVariable ? option?.envVar : option?.long) ?? name;
}

function setting(flags: string, variable: string, description: string): Option {
  return orVariable(new Option(flags, description), variable);
}

function wholeNumber(min: number, max: number, error: string) {
  return z
    .string()
    .regex(/^\d{1,10}$/, { error, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
