import { createApp } from './app.ts';
import { keepPurging } from './purge.ts';
import { loadScript } from './script/script.ts';
import type { Store } from './store/store.ts';

const endingSignals = ['SIGTERM', 'SIGINT'] as const;
/** Signals that come together are one, in milliseconds. */
const sameSignalMs = 1_000;
/** How long a shutdown waits for clients that don't finish, in milliseconds. */
const maxShutdownMs = 8_000;

export interface ServeOptions {
  store: Store;
  host: string;
  /** 0 takes any free port. */
  port: number;
  scriptFile: string;
  panelFile: string;
  /** How long purchases, visits and clicks are kept, in milliseconds; for ever where it is undefined. */
  retentionMs: number | undefined;
  /** Called with the service's own address once it listens. */
  onListening: (url: string) => void;
}

/**
 * Runs the service until SIGTERM or SIGINT; returns when everything under way is committed and answered.
 *
 * @throws Error when a script can't be read or the address can't be listened at
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { store, host, port, scriptFile, panelFile, retentionMs, onListening } = options;
  // Asked for first, so that a signal that comes while the service starts isn't lost.
  const signal = nextSignal();
  // A reader of the log that goes away must not take the service with it.
  process.stdout.on('error', () => undefined);
  const [script, panel] = await Promise.all([loadScript(scriptFile), loadScript(panelFile)]);
  const app = await createApp({ store, clock: Date.now, script, panel, log: process.stdout });
  onListening(await app.listen({ host, port }));
  const stopPurging = keepPurging({ store, clock: Date.now, log: app.log, retentionMs });

  app.log.info({ signal: await signal }, 'closing');
  stopPurging();
  const giveUp = setTimeout(() => app.server.closeAllConnections(), maxShutdownMs);
  await app.close();
  clearTimeout(giveUp);
}

/**
 * Ctrl-C reaches every process of the terminal, and a parent that passes signals on makes two of it. Only one that
 * comes later finds no listener and ends the process at once.
 */
async function nextSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const name of endingSignals) process.on(name, resolve);
  const signal = await promise;
  const stopListening = () => {
    for (const name of endingSignals) process.off(name, resolve);
  };
  setTimeout(stopListening, sameSignalMs).unref();
  return signal;
}
