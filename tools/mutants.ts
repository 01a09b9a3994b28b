/**
 * Changes the source a little, a thousand times over, and asks each time whether a test fails:
 *
 *     npm run mutants                        # all parts
 *     npm run mutants -- wire kit            # some
 *     npm run mutants -- src/wire/money.ts   # some files
 *
 * What survived is shown with its line; a part of which less than `leastKilled` per cent are killed is a failure. Results
 * are kept in .cache/mutants, and only what a change has touched, in source or test, is tried again.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';

interface Part {
  /** What is changed. */
  folder: string;
  /** Where the tests are that have to notice. */
  tests: string;
}

const parts: Record<string, Part> = {
  wire: { folder: 'src/wire', tests: 'test/unit/wire' },
  pixel: { folder: 'src/pixel', tests: 'test/unit/pixel' },
  kit: { folder: 'src/provider', tests: 'test/provider' },
  ledger: { folder: 'src/marketplace/ledger', tests: 'test/unit/ledger' },
};

const leastKilled = 85;
const root = resolve(import.meta.dirname, '..');

/** What became of a part's mutants, as the table shows it. */
interface Row {
  killed: number;
  'timed out': number;
  survived: number;
  'without test': number;
  'killed, %': number;
  minutes: number;
}

async function tryMutants(name: string, tests: string, mutate: string[]): Promise<Row> {
  const started = performance.now();
  const kept = `.cache/mutants/${name}.json`;
  await forgetSurvivors(kept);
  const stryker = new Stryker({
    mutate,
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'tools/mutants.vitest.config.ts', dir: tests, related: false },
    // The copy that is changed needs only what these tests read; and Stryker would ask TypeScript 7 for an interface that
    // it doesn't have, did it find a tsconfig.json.
    ignorePatterns: ['/.cache', '/bench', '/demo', '/dist', '/test/browser', 'tsconfig.json'],
    tempDirName: '.cache/stryker',
    incremental: true,
    incrementalFile: kept,
    coverageAnalysis: 'perTest',
    concurrency: 2,
    // What runs for ever is noticed by its steps; on a busy machine, all else may take its time.
    timeoutMS: 20_000,
    reporters: ['progress-append-only', 'clear-text'],
    clearTextReporter: { logTests: false, reportTests: false, skipFull: true },
    warnings: false,
    thresholds: { high: 100, low: leastKilled, break: null },
  });
  const results = await stryker.runMutationTest();
  const count = (wanted: string) => results.filter(({ status }) => status === wanted).length;
  const [killed, timedOut] = [count('Killed'), count('Timeout')];
  const [survived, untested] = [count('Survived'), count('NoCoverage')];
  const share = (killed + timedOut) / (killed + timedOut + survived + untested);
  return {
    killed,
    'timed out': timedOut,
    survived,
    'without test': untested,
    'killed, %': Math.floor(share * 1000) / 10,
    minutes: Math.round((performance.now() - started) / 6000) / 10,
  };
}

/**
 * Leaves of the results that are kept those of mutants that were found: Stryker would believe that what runs as a file is
 * loaded still survives, whichever tests are new.
 */
async function forgetSurvivors(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const report: { files: Record<string, { mutants: { status: string }[] }> } = JSON.parse(text);
  for (const source of Object.values(report.files)) {
    source.mutants = source.mutants.filter(({ status }) => status === 'Killed');
  }
  await writeFile(file, JSON.stringify(report));
}

process.chdir(root);
const { positionals: asked } = parseArgs({ allowPositionals: true });
const table: Record<string, Row> = {};
for (const [name, { folder, tests }] of Object.entries(parts)) {
  const files = asked.filter((path) => path.startsWith(`${folder}/`));
  if (asked.length === 0 || asked.includes(name)) files.push(`${folder}/**/*.ts`);
  if (files.length > 0) table[name] = await tryMutants(name, tests, files);
}
console.table(table);
const isEnough = Object.values(table).every((row) => row['killed, %'] >= leastKilled);
if (Object.keys(table).length === 0 || !isEnough) {
  console.error(
    `less than ${leastKilled} % killed, or nothing tried; the parts are ${Object.keys(parts).join(', ')}`,
  );
  process.exitCode = 1;
}
