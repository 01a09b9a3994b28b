import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createApp } from './app.ts';
import { listenAt } from './http/connections.ts';
import { bufferLog } from './http/log.ts';
import { createKnownTime, warnOfClockBehind } from './ledger/knownTime.ts';
import type { LimitSettings } from './limits/limits.ts';
import { createMetrics, createMetricsListener, type Metrics } from './metrics.ts';
import { keepPurging, type Retention } from './purge.ts';
import type { Lister } from './reading/lister.ts';
import type { Script } from './script.ts';
import { unlessUnavailable } from './store/errors.ts';
import type { Spool } from './store/spool.ts';
import type { Store } from './store/store.ts';

const endingSignals = ['SIGTERM', 'SIGINT'] as const;
/** Signals that come together are one, in milliseconds. */
const sameSignalMs = 1_000;
/** How often a database that is away at the start is tried, in milliseconds. */
const reopenMs = 1_000;
/** How long a shutdown waits for clients that don't finish, in milliseconds. */
const maxShutdownMs = 8_000;

export interface ServeOptions {
  store: Store;
  lister: Lister;
  /** Without it, clicks on links are lost while the database is away. */
  spool?: Spool | undefined;
  settings: ServeSettings;
  script: Script;
  /** What pages with `?onramp_debug` load as well. */
  panel: Script;
  log: Log;
  /** What ends it. */
  signal: Promise<NodeJS.Signals>;
  /** Called when all is there but the address. */
  beforeListening: () => Promise<void>;
  /** Called with the service's own address once it listens. */
  onListening: (url: string) => void;
  /** Called after it, with the address of the metrics, where they are asked for. */
  onMetricsListening: (url: string) => void;
}

export interface ServeSettings {
  host: string;
  /** 0 takes any free port. */
  port: number;
  trustedProxies: number;
  limits: LimitSettings;
  maxWaiting: number;
  retention: Retention;
  /** Without a port there are none. */
  metricsHost: string;
  metricsPort?: number | undefined;
}

/**
 * Runs the service until SIGTERM or SIGINT; returns when everything under way is committed and answered.
 *
 * @throws ListenError when an address can't be listened at
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { store, lister, spool, settings, script, panel, log, signal } = options;
  const { beforeListening, onListening, onMetricsListening } = options;
  const metrics = createMetrics();
  // Before anything arrives, which has its time from a clock that may be wrong.
  const ledgerTime = await store.findNewestTime();
  const clock = Date.now;
  const knownTime = createKnownTime({ clock, stopwatch: () => performance.now(), ledgerTime });
  const app = await createApp({
    ...settings,
    store,
    lister,
    clock,
    knownTime,
    spool,
    script,
    panel,
    log,
    metrics,
  });
  warnOfClockBehind(app.log, { clock, ledgerTime });
  // First, since what can't start must not have taken anything.
  const metricsListener = await listenForMetrics(metrics, settings);
  try {
    await beforeListening();
    onListening(await listenAt(settings, (address) => app.listen(address)));
  } catch (error) {
    await metricsListener?.app.close();
    throw error;
  }
  if (metricsListener) onMetricsListening(metricsListener.url);
  const stopPurging = keepPurging({
    store,
    knownTime: knownTime.earliest,
    log: app.log,
    retention: settings.retention,
  });

  app.log.info({ signal: await signal }, 'closing');
  stopPurging();
  const giveUp = setTimeout(() => app.server.closeAllConnections(), maxShutdownMs);
  await app.close();
  clearTimeout(giveUp);
  await metricsListener?.app.close();
}

export type Log = ReturnType<typeof openLog>;

/** The log on stdout. */
export function openLog() {
  // A reader of the log that goes away must not take the service with it.
  process.stdout.on('error', () => undefined);
  const log = bufferLog(process.stdout);
  // Also where an error ends it.
  process.on('exit', log.flush);
  return log;
}

/**
 * Answers what can be answered without the database until `open` succeeds, which is tried each second.
 *
 * @returns what was opened, and what ends the answering; undefined where a signal came first
 * @throws ListenError, and whatever `open` throws for another reason
 */
export async function serveUntilOpen<Opened>(
  app: FastifyInstance,
  {
    settings,
    open,
    signal,
  }: { settings: ServeSettings; open: () => Promise<Opened>; signal: Promise<unknown> },
): Promise<{ opened: Opened; end: () => Promise<void> } | undefined> {
  const end = async () => void (await app.close());
  await listenAt(settings, (address) => app.listen(address));
  let hasEnded = false;
  void signal.then(() => {
    hasEnded = true;
  });
  try {
    while (!hasEnded) {
      const opened = await open().catch(unlessUnavailable);
      if (opened) return { opened, end };
      await Promise.race([pause(reopenMs), signal]);
    }
  } catch (error) {
    await end();
    throw error;
  }
  await end();
  return undefined;
}

async function listenForMetrics(metrics: Metrics, { metricsHost: host, metricsPort: port }: ServeSettings) {
  if (port === undefined) return undefined;
  const app = createMetricsListener(metrics);
  const url = await listenAt({ host, port }, (address) => app.listen(address));
  return { app, url: `${url}/metrics` };
}

/**
 * Ctrl-C reaches every process of the terminal, and a parent that passes signals on makes two of it. Only one that
 * comes later finds no listener and ends the process at once.
 */
export async function nextSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const name of endingSignals) process.on(name, resolve);
  const signal = await promise;
  const stopListening = () => {
    for (const name of endingSignals) process.off(name, resolve);
  };
  setTimeout(stopListening, sameSignalMs).unref();
  return signal;
}
