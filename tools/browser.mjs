import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installFromDebian } from './debian.mjs';
import { run, SetupError } from './progress.mjs';

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string} variable names the program's path, in the environment
 * @property {string[]} commands what it is called on PATH
 * @property {string} debianPackage
 * @property {string[]} greeting arguments with which it says something and ends
 */

/** What the browser tests drive, and what makes the benchmark's load. @satisfies {Record<string, Program>} */
const programs = {
  chromium: {
    name: 'Chromium',
    variable: 'CHROMIUM_PATH',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    debianPackage: 'chromium',
    greeting: ['--version'],
  },
  // Chromium without the browser around the pages. It keeps no pages to come back to.
  shell: {
    name: 'Chromium’s headless shell',
    variable: 'CHROMIUM_SHELL_PATH',
    commands: ['chromium-headless-shell'],
    debianPackage: 'chromium-headless-shell',
    greeting: ['--version'],
  },
  firefox: {
    name: 'Firefox',
    variable: 'FIREFOX_PATH',
    commands: ['firefox-esr', 'firefox'],
    debianPackage: 'firefox-esr',
    greeting: ['--version'],
  },
  // It starts WebKitGTK's MiniBrowser, whose place it knows.
  webkit: {
    name: 'WebKitGTK',
    variable: 'WEBKIT_DRIVER_PATH',
    commands: ['WebKitWebDriver'],
    debianPackage: 'webkit2gtk-driver',
    greeting: ['--help'],
  },
  // MiniBrowser has no headless mode.
  screen: {
    name: 'Xvfb',
    variable: 'XVFB_PATH',
    commands: ['Xvfb'],
    debianPackage: 'xvfb',
    greeting: ['-help'],
  },
  wrk: {
    name: 'wrk',
    variable: 'WRK_PATH',
    commands: ['wrk'],
    debianPackage: 'wrk',
    greeting: ['-v'],
  },
};
/** @type {ProgramId[]} */
const browsers = ['chromium', 'firefox', 'webkit', 'screen'];
/** Where it can't be had, Chromium does its work, in half as much time again. @type {ProgramId[]} */
const optional = ['shell'];

/** @typedef {keyof typeof programs} ProgramId */

/**
 * Where the program is: in the place that the environment names, or else on PATH.
 * @param {ProgramId} id
 * @returns {string | undefined}
 */
export function findProgram(id) {
  const { variable, commands } = programs[id];
  const { [variable]: named, PATH = '' } = process.env;
  if (named) return named;
  const folders = PATH.split(delimiter);
  return commands.flatMap((command) => folders.map((folder) => join(folder, command))).find(existsSync);
}

/** What shows pages, the faster one where there is a choice. @returns {string | undefined} */
export function findChromium() {
  return findProgram('shell') ?? findProgram('chromium');
}

/**
 * Sees to it that there are browsers of all three engines that start: those that are there, or else Debian's
 * where this may be installed. Tests of a browser that isn't there would be tests that nobody ran.
 * @param {(doing: string) => void} report
 * @returns {Promise<string>} what was found
 */
export async function installBrowsers(report) {
  const missing = [...browsers, ...optional]
    .filter((id) => !findProgram(id))
    .map((id) => programs[id].debianPackage);
  const output = missing.length ? await installFromDebian(missing, report) : '';
  const found = await Promise.all(browsers.map(greet));
  const failures = found.filter(({ ok }) => !ok);
  if (!failures.length) return found.map(({ output: version }) => version).join(', ');
  throw new SetupError([output, ...failures.map((failure) => failure.output)].join('\n'));
}

/** @param {ProgramId} id */
async function greet(id) {
  const { name, variable, greeting, debianPackage } = programs[id];
  const path = findProgram(id);
  const advice = `Install it with your package manager (Debian: ${debianPackage}), or set ${variable} to its path.`;
  if (!path) return { ok: false, output: `${name} wasn't found. ${advice}` };
  // A command of that name may be a mere pointer to a snap, or lack system libraries.
  const { ok, output } = await run(path, greeting);
  if (!ok) return { ok, output: `${path} doesn't start:\n${output}\n${advice}` };
  return {
    ok,
    output: `${name} ${/[\d.]+\.\d+/.exec(greeting[0] === '--version' ? output : '')?.[0] ?? ''}`.trim(),
  };
}
