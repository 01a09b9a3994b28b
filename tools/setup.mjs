/**
 * Makes a checkout ready to run: its packages and, with --tests, what the tests run beside it: browsers, PostgreSQL and
 * what makes a cluster of it, proxies, PHP and the frameworks of the guides; with --soak, WordPress. Plain JavaScript
 * without dependencies, since it runs before anything is installed, on the machine's own Node.
 */
import { fileURLToPath } from 'node:url';
import { installBrowsers } from './browser.mjs';
import { installCluster } from './cluster.mjs';
import { installFrameworks } from './frameworks.mjs';
import { installPackages } from './packages.mjs';
import { installPhp } from './php.mjs';
import { installPostgres } from './postgres.mjs';
import { begin, SetupError, step } from './progress.mjs';
import { installProxies } from './proxies.mjs';
import { installWordPress } from './wordpress.mjs';

const oldestNode = 20;

async function checkNode() {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) >= oldestNode) return node;
  throw new SetupError(`this is ${node}, ${oldestNode} or newer is needed: https://nodejs.org`);
}

try {
  process.chdir(fileURLToPath(new URL('..', import.meta.url)));
  await step('node', checkNode);
  if (process.argv.includes('--tests')) {
    // Beside each other, since they wait for the network most of the time; of those by apt-get one after the other.
    const packages = begin(installPackages);
    const browsers = begin(installBrowsers);
    const postgres = begin(installPostgres, browsers);
    const proxies = begin(installProxies, postgres);
    const php = begin((report) => installPhp(report), proxies);
    const cluster = begin(installCluster, php);
    const frameworks = begin(installFrameworks);
    await step('packages', packages.work);
    await step('browsers', browsers.work);
    await step('postgresql', postgres.work);
    await step('proxies', proxies.work);
    await step('php', php.work);
    await step('cluster', cluster.work);
    await step('frameworks', frameworks.work);
  } else {
    await step('packages', installPackages);
  }
  if (process.argv.includes('--soak')) await step('wordpress', installWordPress);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
