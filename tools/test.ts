/**
 * Runs all that has to hold, whatever failed before, and ends with what failed and one line that counts what was run:
 * lint, types and the built script as one each, and every test. First the checks beside each other, then the runners
 * by themselves.
 */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { addOutcomes, noOutcome, type Outcome, readOutcome } from './outcome.ts';

const root = resolve(import.meta.dirname, '..');
const outcomePath = resolve(root, '.cache/test-outcome.json');

const env = {
  ...process.env,
  // The pinned Node and tools, also where this was not started by npm.
  PATH: [resolve(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  ONRAMP_TEST_OUTCOME: outcomePath,
  // Programs start in half the time when what they are compiled to is kept.
  NODE_COMPILE_CACHE: resolve(root, '.cache/node'),
  // Node reads TypeScript by itself; Playwright would compile all of it once more, in each of its processes. It doesn't
  // document this: where it is no longer heeded, tests take longer and are the same.
  PW_DISABLE_TS_ESM: '1',
  // For tsc and esbuild, whose runtime collects its garbage the less often the higher this is: memory is there, time isn't.
  GOGC: '400',
  // The tools write to a pipe, and the reader may have a terminal all the same.
  ...(process.stdout.isTTY && { FORCE_COLOR: '1' }),
};

/** What a part says goes here: to the reader, or into what is kept until the part before has ended. */
type Say = (text: string) => void;

/** How much of what a command said last is said again where it failed by itself. */
const lastLines = 20;

/** Resolves to how the command failed and what it said last, or to undefined where it ended well. */
function run(say: Say, command: string, ...args: string[]): Promise<string | undefined> {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        say(text);
        said = (said + text).split('\n').slice(-lastLines).join('\n');
      });
    }
    child.on('error', (error) => {
      say(`${command}: ${error.message}\n`);
      done(error.message);
    });
    child.on('close', (code, signal) =>
      done(code === 0 ? undefined : `${command} ended with ${signal ?? code}, after\n${said.trimEnd()}`),
    );
  });
}

/** A command that passes or fails as a whole. */
function check(command: string, ...args: string[]): (say: Say) => Promise<Outcome> {
  return async (say) => {
    const failure = await run(say, command, ...args);
    return failure ? { ...noOutcome, failures: [failure] } : { ...noOutcome, passed: 1 };
  };
}

/** A runner of tests, which has failed itself if it ran nothing, or ended badly without a test that failed. */
function runner(command: string, ...args: string[]): (say: Say) => Promise<Outcome> {
  return async (say) => {
    await rm(outcomePath, { force: true });
    const failure = await run(say, command, ...args);
    const outcome = await readOutcome(outcomePath);
    if (outcome.failures.length || (outcome.passed && !failure)) return outcome;
    return addOutcomes(outcome, { ...noOutcome, failures: [failure ?? `${command} ran no test`] });
  };
}

interface Part {
  name: string;
  work: (say: Say) => Promise<Outcome>;
}

/** Seconds each; where one fails, the tests are run all the same. */
const checks: Part[] = [
  { name: 'lint and format', work: check('biome', 'check', '.') },
  // Each checker looks at what they share for itself: on two cores, the usual four of them take longer.
  { name: 'types', work: check('tsc', '--build', '--checkers', '2') },
  {
    name: 'dist is what src builds, within its budget',
    work: check('node', 'esbuild.config.mjs', '--check'),
  },
];

/** Minutes each, and one after the other: two cores have enough with one, and what waits for a timer comes too late. */
const tests: Part[] = [
  {
    name: 'unit and service tests',
    work: runner('vitest', 'run', '--reporter=default', '--reporter=./tools/reporters/vitest.ts'),
  },
  {
    name: 'browser tests',
    work: runner('playwright', 'test', '--reporter=list,./tools/reporters/playwright.ts'),
  },
];

const parts = [...checks, ...tests];

/** Runs the parts beside each other; it reads as though they had run one after the other. */
async function runTogether(together: Part[]): Promise<Outcome> {
  let before: Promise<unknown> = Promise.resolve();
  const running = together.map((part) => {
    const counting = runPart(part, before);
    before = counting;
    return counting;
  });
  return (await Promise.all(running)).reduce(addOutcomes, noOutcome);
}

/** What it says is shown as it comes once `before` is settled, and kept until then. */
async function runPart(part: Part, before: Promise<unknown>): Promise<Outcome> {
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
  const outcome = await part.work(say);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  await shown;
  console.log(`${title}: ${outcome.failures.length ? 'FAILED' : 'ok'} (${seconds} s)`);
  return outcome;
}

let total = await runTogether(checks);
for (const part of tests) total = addOutcomes(total, await runTogether([part]));
const skipped = total.skipped ? `, ${total.skipped} skipped` : '';
for (const failure of total.failures) console.log(`\nFAILED ${failure}`);
console.log(`\n${total.passed} passed, ${total.failures.length} failed${skipped}`);
process.exitCode = total.failures.length ? 1 : 0;
