/**
 * Runs all that has to hold, whatever failed before, and ends with one line that counts what was run: lint, types and
 * the built script as one each, and every test. First the checks beside each other, then the runners by themselves.
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
  // The tools write to a pipe, and the reader may have a terminal all the same.
  ...(process.stdout.isTTY && { FORCE_COLOR: '1' }),
};

/** What a part says goes here: to the reader, or into what is kept until the part before has ended. */
type Say = (text: string) => void;

/** Resolves to whether the command ended well. */
function run(say: Say, command: string, ...args: string[]): Promise<boolean> {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', say);
    child.on('error', (error) => {
      say(`${command}: ${error.message}\n`);
      done(false);
    });
    child.on('close', (code) => done(code === 0));
  });
}

/** A command that passes or fails as a whole. */
function check(command: string, ...args: string[]): (say: Say) => Promise<Counts> {
  return async (say) => {
    const passed = await run(say, command, ...args);
    return { ...noCounts, passed: passed ? 1 : 0, failed: passed ? 0 : 1 };
  };
}

async function unitTests(say: Say): Promise<Counts> {
  await rm(vitestReport, { force: true });
  const ended = await run(
    say,
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${vitestReport}`,
  );
  return orCrash(await readVitestReport(vitestReport), ended);
}

async function browserTests(say: Say): Promise<Counts> {
  await rm(browserReport, { force: true });
  const ended = await run(say, 'playwright', 'test', '--reporter=list,json');
  return orCrash(await readPlaywrightReport(browserReport), ended);
}

/** A runner that ran nothing, or that ended badly without naming a failed test, has failed itself. */
function orCrash(counts: Counts, ended: boolean): Counts {
  const ran = counts.passed + counts.failed > 0;
  return ran && (ended || counts.failed > 0) ? counts : addCounts(counts, { ...noCounts, failed: 1 });
}

interface Part {
  name: string;
  work: (say: Say) => Promise<Counts>;
}

/** Seconds each; where one fails, the tests are run all the same. */
const checks: Part[] = [
  { name: 'lint and format', work: check('biome', 'check', '.') },
  { name: 'types', work: check('tsc', '--build') },
  {
    name: 'dist is what src builds, within its budget',
    work: check('node', 'esbuild.config.mjs', '--check'),
  },
];

/** Minutes each, and one after the other: two cores have enough with one, and what waits for a timer comes too late. */
const tests: Part[] = [
  { name: 'unit and service tests', work: unitTests },
  { name: 'browser tests', work: browserTests },
];

const parts = [...checks, ...tests];

/** Runs the parts beside each other; it reads as though they had run one after the other. */
async function runTogether(together: Part[]): Promise<Counts> {
  let before: Promise<unknown> = Promise.resolve();
  const running = together.map((part) => {
    const counting = runPart(part, before);
    before = counting;
    return counting;
  });
  return (await Promise.all(running)).reduce(addCounts, noCounts);
}

/** What it says is shown as it comes once `before` is settled, and kept until then. */
async function runPart(part: Part, before: Promise<unknown>): Promise<Counts> {
  const title = `[${parts.indexOf(part) + 1}/${parts.length}] ${part.name}`;
  let kept = `\n${title}\n`;
  let isShown = false;
  const shown = before.then(() => {
    isShown = true;
    process.stdout.write(kept);
  });
  const say: Say = (text) => {
    if (isShown) process.stdout.write(text);
    else kept += text;
  };
  const started = performance.now();
  const counts = await part.work(say);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  await shown;
  console.log(`${title}: ${counts.failed ? 'FAILED' : 'ok'} (${seconds} s)`);
  return counts;
}

let total = await runTogether(checks);
for (const part of tests) total = addCounts(total, await runTogether([part]));
const skipped = total.skipped ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed ? 1 : 0;
