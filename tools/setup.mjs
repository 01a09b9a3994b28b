/**
 * Makes a checkout ready to run: its packages and, with --tests, what the tests run beside it: browsers and
 * PostgreSQL. Plain JavaScript without dependencies, since it runs before anything is installed, on the
 * machine's own Node.
 */
import { fileURLToPath } from 'node:url';
import { installBrowsers } from './browser.mjs';
import { installPackages } from './packages.mjs';
import { installPostgres } from './postgres.mjs';
import { SetupError, step } from './progress.mjs';
import { installProxies } from './proxies.mjs';

const oldestNode = 20;

async function checkNode() {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) >= oldestNode) return node;
  throw new SetupError(`this is ${node}, ${oldestNode} or newer is needed: https://nodejs.org`);
}

try {
  process.chdir(fileURLToPath(new URL('..', import.meta.url)));
  await step('node', checkNode);
  await step('packages', installPackages);
  if (process.argv.includes('--tests')) {
    await step('browsers', installBrowsers);
    await step('postgresql', installPostgres);
    await step('proxies', installProxies);
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
