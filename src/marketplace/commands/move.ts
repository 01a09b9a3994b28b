import { type Command, Option } from 'commander';
import { type Moved, moveLedger, type Step } from '../store/move/moveLedger.ts';
import { openSource, openTarget } from '../store/move/open.ts';
import type { Proof } from '../store/move/proof.ts';
import type { Source } from '../store/move/sides.ts';
import { isPostgres } from '../store/open.ts';
import { isReadable, withoutPassword } from '../store/postgres/address.ts';
import { orVariable } from './arguments.ts';
import {
  CommandFailure,
  type CommonOptions,
  cannotOpen,
  databaseOption,
  jsonOption,
  messageOf,
  print,
  spoolOf,
  type Terminal,
  table,
} from './command.ts';

interface MoveOptions extends CommonOptions {
  to?: string;
  cancel?: true;
  reopen?: true;
}

const notes = `
The services of the ledger go on meanwhile. At the end they answer 503, which pixels and kits survive, until both
databases are found to hold the same; then start them with the new address. The old ledger can still be read, and takes
nothing any more. The target has to be empty: one that part of this ledger was moved to before is filled on.

It can be broken off at any moment, and goes on when it is run again. One that was killed while the ledger was closed
leaves it closed: run it again, or --cancel.

Examples:
  onramp-marketplace move --to postgres://onramp:password@127.0.0.1/onramp
  onramp-marketplace move --database /var/lib/onramp/onramp.db --cancel
The address holds a password, and every user of the machine sees a command's options:
  export ONRAMP_MOVE_TO='postgres://onramp:password@127.0.0.1/onramp'`;

/** `move` */
export function addMoveCommand(program: Command): void {
  program
    .command('move')
    .description(
      'move the ledger to a PostgreSQL database while it is written to, and prove that all of it is there',
    )
    .addOption(
      orVariable(
        new Option('--to <database>', 'the empty database, postgres://user:password@host/database'),
        'ONRAMP_MOVE_TO',
      ),
    )
    .addOption(new Option('--cancel', 'give up a move that has not ended: the ledger is as it was'))
    .addOption(
      new Option(
        '--reopen',
        'the same, also of a ledger that has moved: what its copy has taken in since is not in it',
      ),
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', notes)
    .action(move);
}

async function move(options: MoveOptions): Promise<void> {
  const { to, cancel, reopen } = options;
  if (cancel || reopen) return await cancelMove(options);
  if (to === undefined)
    throw new CommandFailure('Say where to: --to postgres://user:password@host/database', 2);
  if (!isPostgres(to) || !isReadable(to)) {
    throw new CommandFailure(
      'A ledger moves to PostgreSQL alone: --to postgres://user:password@host/database',
      2,
    );
  }
  const moved = await whileListening((signal) => moveTo(to, options, signal));
  const place = withoutPassword(to);
  const spool = spoolOf(options.database);
  const start =
    `Start its services with the new address, ${place}, and the same --spool, in which clicks on links wait that came ` +
    `while it was closed. Where they had none: --spool '${spool}'`;
  const { proof, closedMs } = moved;
  if (!proof) {
    print(options, { to: place, moved: true, spool }, `The ledger has moved to ${place} already.\n${start}`);
    return;
  }
  print(
    options,
    { to: place, moved: true, spool, closedMs: Math.round(closedMs), ...proof },
    `${describe(moved, proof)}\n\n${start}`,
  );
}

async function moveTo(
  to: string,
  { database, json, terminal }: MoveOptions,
  signal: AbortSignal,
): Promise<Moved> {
  const report = json ? () => undefined : createReport(terminal);
  const source = openLedger(database);
  try {
    const target = await openTarget(to);
    try {
      return await moveLedger({ source, target, to: withoutPassword(to), report, signal });
    } finally {
      await target.end();
    }
  } catch (error) {
    const departure = await source.findDeparture().catch(() => undefined);
    if (departure?.phase === 'moved') {
      throw new CommandFailure(
        `The ledger has moved to ${departure.to}. ${messageOf(error)}\n` +
          'Run the command with that address, and it is opened there, if it is not yet.',
      );
    }
    const next = departure ? '\nWhat was copied stays. The same command goes on; --cancel gives up.' : '';
    throw new CommandFailure(`The ledger hasn't moved: ${messageOf(error)}${next}`);
  } finally {
    await source.end();
  }
}

function openLedger(database: string): Source {
  try {
    return openSource(database);
  } catch (error) {
    throw cannotOpen(database, error);
  }
}

/** Ctrl-C breaks the work off in good order; a second one, at once. */
async function whileListening<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const ending = new AbortController();
  const end = () => ending.abort(new Error('It was broken off.'));
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.once(name, end);
  try {
    return await work(ending.signal);
  } finally {
    for (const name of signals) process.off(name, end);
  }
}

async function cancelMove(options: MoveOptions): Promise<void> {
  const source = openLedger(options.database);
  try {
    const departure = await source.findDeparture();
    if (!departure) throw new CommandFailure('The ledger is not being moved.');
    const { phase, to } = departure;
    if (phase === 'moved' && !options.reopen) {
      throw new CommandFailure(
        `The ledger has moved to ${to}, which has taken in what came since. If services are to go back to the old ` +
          'one without that, end those of the new one and use --reopen.',
      );
    }
    await source.cancel();
    print(
      options,
      { cancelled: true, to },
      `The ledger takes in again. What is at ${to} is no ledger to work with.`,
    );
  } finally {
    await source.end();
  }
}

/** How often the copied rows are told, in milliseconds. */
const reportEveryMs = 2_000;

const words: Record<Exclude<Step['step'], 'copying' | 'following' | 'comparing'>, string> = {
  tidying: 'collecting statistics',
  closing: 'closing the ledger',
  closed: 'closed: services answer 503 until the ledger is open at its new place',
  proven: 'both hold the same',
  opened: 'open at its new place',
};

/** Tells what is being done, a line each: rows, rows a second, and the time that is left at that. */
function createReport({ error: tell }: Terminal): (step: Step) => void {
  const startedAt = performance.now();
  let startedWith: number | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  let last: Step['step'] | undefined;

  return (step) => {
    const now = performance.now();
    const isNew = step.step !== last;
    last = step.step;
    if (step.step !== 'copying' && step.step !== 'following' && step.step !== 'comparing') {
      tell(`${words[step.step]}\n`);
      return;
    }
    if (!isNew && now - toldAt < reportEveryMs) return;
    toldAt = now;
    if (step.step === 'following') {
      tell(`copying what has changed since: ${step.changes}${isNew ? '' : ' more'}\n`);
      return;
    }
    if (step.step === 'comparing') {
      tell(`compared ${step.rows} rows\n`);
      return;
    }
    startedWith ??= step.rows;
    const { rows, total } = step;
    const perSecond = ((rows - startedWith) / (now - startedAt)) * 1_000;
    const left =
      perSecond > 0
        ? `, ${Math.round(perSecond)} a second, ${showTime((total - rows) / perSecond)} left`
        : '';
    tell(`copied ${rows} of ${total} rows${left} (${step.table})\n`);
  };
}

function showTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}

function describe({ closedMs }: Moved, { tables, providers, money }: Proof): string {
  const counted = tables.map(({ table: name, rows, digest }) => [name, String(rows), digest]);
  const sums = money.map(({ event, currency, total }) => [event, total, currency]);
  return [
    table(['TABLE', 'ROWS', 'DIGEST'], counted, ''),
    ...(sums.length > 0 ? [table(['EVENT', 'TOTAL', 'CURRENCY'], sums, '')] : []),
    `Both hold the same, of ${providers.filter(({ partnerKey }) => partnerKey !== null).length} providers. ` +
      `The ledger was closed for ${(closedMs / 1_000).toFixed(1)} s.`,
  ].join('\n\n');
}
