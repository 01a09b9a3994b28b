#!/usr/bin/env node
// Plain JavaScript that an old Node can read: it finds a Node that is new enough, then runs the program.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// 22.18 and 23.6 are the first to run TypeScript as it is; better-sqlite3 crashes on what is older than 22.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isNewEnough = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
const startedByOldNode = 'ONRAMP_STARTED_BY_OLD_NODE';

if (isNewEnough) await run();
else runUnderNewNode();

async function run() {
  if (process.env[startedByOldNode]) {
    // When the parent is killed outright it can pass on no signal, but the channel to it closes.
    process.once('disconnect', () => process.exit(1));
    process.channel?.unref();
  }
  const { main } = await import(findProgram().href);
  process.exitCode = await main(process.argv.slice(2));
}

/** A checkout has the source; a package, below whose node_modules Node runs no TypeScript, what it was built to. */
function findProgram() {
  const source = new URL('../main.ts', import.meta.url);
  return existsSync(source) ? source : new URL('../build/marketplace/main.js', import.meta.url);
}

function runUnderNewNode() {
  const node = process.env[startedByOldNode] ? undefined : findPinnedNode();
  if (!node) {
    console.error(
      `onramp-marketplace needs Node 22.18, 23.6 or newer, and this is ${process.version}.\n` +
        'Install one from https://nodejs.org, or beside this package: npm install node@24',
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, process.argv.slice(1), {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [startedByOldNode]: '1' },
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`${node} cannot be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else {
      process.exitCode = code ?? 1;
    }
  });
}

/** The binary of the npm package "node", which the checkout pins; looked for upwards from this file. */
function findPinnedNode() {
  let folder = dirname(realpathSync(fileURLToPath(import.meta.url)));
  for (;;) {
    const node = join(folder, 'node_modules', 'node', 'bin', 'node');
    if (existsSync(node)) return node;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}
