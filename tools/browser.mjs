import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, SetupError } from './progress.mjs';

const commands = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * The Chromium that runs the browser tests: CHROMIUM_PATH, or else Playwright's own, or else the one on
 * PATH. Undefined when there is none.
 * @returns {Promise<string | undefined>}
 */
export async function findChromium() {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  // Not imported at the top: setup loads this file before there are any packages.
  const { chromium } = await import('@playwright/test');
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  const folders = PATH.split(delimiter);
  return commands.flatMap((command) => folders.map((folder) => join(folder, command))).find(existsSync);
}

/**
 * Sees to it that there is a Chromium that starts: the one that is there, or else Debian's where this may
 * be installed, or else Playwright's download.
 * @param {(doing: string) => void} report
 * @returns {Promise<string>} its version
 */
export async function installBrowser(report) {
  let output = '';
  for (const tryToInstall of [async () => '', installFromDebian, installFromPlaywright]) {
    output += await tryToInstall(report);
    const path = await findChromium();
    if (!path) continue;
    // A command of that name may be a mere pointer to a snap, and a download may lack system libraries.
    const version = await run(path, ['--version']);
    if (version.ok) return /Chrom\S* [\d.]+/.exec(version.output)?.[0] ?? path;
    output += `${path} doesn't start:\n${version.output}\n`;
    if (process.env.CHROMIUM_PATH) break;
  }
  throw new SetupError(
    `${output}\nNo Chromium that starts was found, and none could be installed, see above. ` +
      'Install Chromium or Chrome with your package manager, or set CHROMIUM_PATH to where one is.',
  );
}

/** @param {(doing: string) => void} report */
async function installFromDebian(report) {
  if (process.getuid?.() !== 0) return '';
  report('installing with apt-get');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const update = await run('apt-get', ['update'], env);
  const install = await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], env);
  return install.ok ? '' : `apt-get:\n${update.output}${install.output}\n`;
}

/** @param {(doing: string) => void} report */
async function installFromPlaywright(report) {
  report('downloading with Playwright');
  const install = await run('node_modules/.bin/playwright', ['install', 'chromium']);
  return install.ok ? '' : `playwright install chromium:\n${install.output}\n`;
}
