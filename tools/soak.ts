/**
 * Plays random sequences of the model test, test/model, for so many minutes: `npm run soak`, or for half an
 * hour `npm run soak -- 30`. Says every hundred how many have held, and how to replay one that failed.
 */
import { spawn } from 'node:child_process';
import { delimiter, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const [minutes = '5'] = process.argv.slice(2);

if (!(Number(minutes) > 0)) {
  console.error('usage: npm run soak [-- <minutes>]');
  process.exitCode = 2;
} else {
  // The pinned Node and tools, also where this was not started by npm.
  const PATH = [resolve(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const args = ['test', '--project=chromium', '--reporter=list', 'test/model'];
  const env = { ...process.env, PATH, ONRAMP_SOAK_MINUTES: minutes };
  const child = spawn('playwright', args, { cwd: root, env, stdio: 'inherit' });
  child.on('close', (code) => {
    process.exitCode = code ?? 1;
  });
}
