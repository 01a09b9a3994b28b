/**
 * `npm run soak`, or for half an hour `npm run soak -- 30`: plays random sequences of the model test, test/model, for
 * so many minutes, and all rows of the table of faults, test/faults, in Firefox and WebKit, of which `npm test` plays
 * half; plays the plugin in a real WordPress, test/wordpress; then with each store sends the service a million random
 * requests, test/marketplace/stores/fuzz.test.ts, and ends it two hundred times under load, half of them by kill -9,
 * test/marketplace/stores/durability.test.ts, and sends it what an account lives through in thousands of orders,
 * test/marketplace/stores/anyOrder.test.ts, and holds the figures of thousands of ledgers against their rows,
 * test/marketplace/stores/figures.test.ts; at last ends the PostgreSQL server a hundred times under load and breaks its
 * connections, and lets everything of a cluster fail, test/marketplace/postgres, and plays all of test/marketplace/stores
 * on plain tables, and on tables in partitions. What is random says how to replay it.
 */
import { spawn } from 'node:child_process';
import { delimiter, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const [minutes = '5'] = process.argv.slice(2);
const env = {
  ...process.env,
  // The pinned Node and tools, also where this was not started by npm.
  PATH: [resolve(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  ONRAMP_SOAK_MINUTES: minutes,
  ONRAMP_FUZZ_REQUESTS: '1000000',
  ONRAMP_KILLS: '100',
  ONRAMP_SHUFFLES: '2000',
  ONRAMP_FIGURES: '2000',
};

/** Resolves to whether the command ended well. */
function run(command: string, ...args: string[]): Promise<boolean> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
    child.on('error', failed);
    child.on('close', (code) => done(code === 0));
  });
}

if (Number(minutes) > 0) {
  const held = await run('playwright', 'test', '--project=chromium', '--reporter=list', 'test/model');
  const engines = ['--project=firefox', '--project=webkit'];
  const survived = await run('playwright', 'test', ...engines, '--reporter=list');
  const printed = await run('playwright', 'test', '--project=wordpress', '--reporter=list');
  const answered = await run(
    'vitest',
    'run',
    'test/marketplace/stores/fuzz.test.ts',
    'test/marketplace/stores/durability.test.ts',
    'test/marketplace/stores/anyOrder.test.ts',
    'test/marketplace/stores/figures.test.ts',
    'test/marketplace/postgres/restarts.test.ts',
    'test/marketplace/postgres/connections.test.ts',
    'test/marketplace/postgres/standby.test.ts',
    'test/marketplace/postgres/cluster.test.ts',
  );
  // What took longest is not played again.
  const again = ['-u', 'ONRAMP_FUZZ_REQUESTS', '-u', 'ONRAMP_KILLS'];
  const stores = ['vitest', 'run', '--project=postgres', 'test/marketplace/stores'];
  const plain = await run('env', ...again, 'TEST_TABLES=plain', ...stores);
  const spread = await run('env', ...again, 'TEST_TABLES=spread', ...stores);
  process.exitCode = held && survived && printed && answered && plain && spread ? 0 : 1;
} else {
  console.error('usage: npm run soak [-- <minutes>]');
  process.exitCode = 2;
}
