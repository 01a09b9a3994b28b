import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { converse, type DevTools, textAt } from './devTools.ts';

/** A browser of Chromium's family that runs for the doctor alone. */
export interface Browser {
  /** Chromium 156.0.8078.73, as it calls itself. */
  name: string;
  devTools: DevTools;
  close(): Promise<void>;
}

/** What it would do by itself beside the doctor's pages. */
const quiet = [
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--no-first-run',
  '--no-default-browser-check',
  // Pages of its own: below the address bar of each window, and ready for the next visit.
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,SpareRendererForSitePerProcess',
];
// Its sandbox doesn't start for root.
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Whether processes that belong together can be killed together; one that leads a group is no terminal's any more. */
const hasGroups = process.platform !== 'win32';

const endings = ['SIGINT', 'SIGTERM'] as const;

/** @throws Error that says why it doesn't start */
export type StartBrowser = (path: string, trustsOwnAuthorities: boolean) => Promise<Browser>;

/** Starts the browser with a profile of its own, which goes with it. */
export const startBrowser: StartBrowser = async (path, trustsOwnAuthorities) => {
  const profile = await mkdtemp(join(tmpdir(), 'onramp-doctor-'));
  const child = spawn(
    path,
    [...quiet, ...sandbox, '--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank'],
    { detached: hasGroups, stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  // Who breaks the doctor off leaves no profile behind; without this listener the signal then does what it always does.
  const breakOff = (signal: NodeJS.Signals) => {
    kill(child);
    rmSync(profile, removal);
    for (const ending of endings) process.off(ending, breakOff);
    process.kill(process.pid, signal);
  };
  for (const ending of endings) process.on(ending, breakOff);
  const close = () => {
    for (const ending of endings) process.off(ending, breakOff);
    return end(child, profile);
  };
  try {
    const [, , , input, output] = child.stdio;
    if (!(input instanceof Writable) || !(output instanceof Readable)) throw new Error('it has no pipes');
    const devTools = converse(input, output);
    const failed = once(child, 'error').then(([error]) => {
      throw error;
    });
    const version = await Promise.race([devTools.send('Browser.getVersion'), failed]);
    // Node has checked the page's certificate already, by authorities that the browser doesn't know.
    if (trustsOwnAuthorities) await devTools.send('Security.setIgnoreCertificateErrors', { ignore: true });
    const name = (textAt(version, 'product') ?? 'Chromium').replace('/', ' ').replace('Headless', '');
    return { name, devTools, close };
  } catch (error) {
    await close();
    throw error;
  }
};

async function end(child: ChildProcess, profile: string): Promise<void> {
  if (kill(child)) await once(child, 'exit');
  await rm(profile, removal);
}

/**
 * Kills the browser with the processes that it started, which would make the profile anew a moment after it was removed.
 * False where it doesn't run any more.
 */
function kill(child: ChildProcess): boolean {
  const { pid, exitCode, signalCode } = child;
  if (pid === undefined || exitCode !== null || signalCode !== null) return false;
  try {
    return process.kill(-pid, 'SIGKILL');
  } catch {
    // There are no groups, or nobody is left in this one.
    return child.kill('SIGKILL');
  }
}

/** What was being written is written to its end. */
const removal = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 };
