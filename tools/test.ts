/**
 * Runs all that has to hold, each part even if the one before failed, and ends with one line that counts
 * what was run: lint, types and the built script as one each, and every test.
 */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { addCounts, type Counts, noCounts } from './counts.ts';
import { readPlaywrightReport, readVitestReport } from './reports.ts';

const root = resolve(import.meta.dirname, '..');
const vitestReport = resolve(root, '.cache/vitest.json');
const browserReport = resolve(root, '.cache/playwright.json');

const env = {
  ...process.env,
  // The pinned Node and tools, also where this was not started by npm.
  PATH: [resolve(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport,
  // Programs start in half the time when what they are compiled to is kept.
  NODE_COMPILE_CACHE: resolve(root, '.cache/node'),
};

/** Resolves to whether the command ended well; its output goes straight to the reader. */
function run(command: string, ...args: string[]): Promise<boolean> {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      done(false);
    });
    child.on('close', (code) => done(code === 0));
  });
}

/** A command that passes or fails as a whole. */
async function check(command: string, ...args: string[]): Promise<Counts> {
  const passed = await run(command, ...args);
  return { ...noCounts, passed: passed ? 1 : 0, failed: passed ? 0 : 1 };
}

async function unitTests(): Promise<Counts> {
  await rm(vitestReport, { force: true });
  const ended = await run(
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${vitestReport}`,
  );
  return orCrash(await readVitestReport(vitestReport), ended);
}

async function browserTests(): Promise<Counts> {
  await rm(browserReport, { force: true });
  const ended = await run('playwright', 'test', '--reporter=list,json');
  return orCrash(await readPlaywrightReport(browserReport), ended);
}

/** A runner that ran nothing, or that ended badly without naming a failed test, has failed itself. */
function orCrash(counts: Counts, ended: boolean): Counts {
  const ran = counts.passed + counts.failed > 0;
  return ran && (ended || counts.failed > 0) ? counts : addCounts(counts, { ...noCounts, failed: 1 });
}

const parts: [string, () => Promise<Counts>][] = [
  ['lint and format', () => check('biome', 'check', '.')],
  ['types', () => check('tsc', '--build')],
  ['dist is what src builds, within its budget', () => check('node', 'esbuild.config.mjs', '--check')],
  ['unit and service tests', unitTests],
  ['browser tests', browserTests],
];

let total = noCounts;
for (const [index, [name, work]] of parts.entries()) {
  console.log(`\n[${index + 1}/${parts.length}] ${name}`);
  const started = performance.now();
  const counts = await work();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`[${index + 1}/${parts.length}] ${name}: ${counts.failed ? 'FAILED' : 'ok'} (${seconds} s)`);
  total = addCounts(total, counts);
}

const skipped = total.skipped ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed ? 1 : 0;
