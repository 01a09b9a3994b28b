/**
 * Sets ours beside the scripts that npm ships, in one browser: `npm run bench` measures and rewrites
 * docs/benchmark.md and docs/benchmark.svg, which takes some minutes; with --quick it measures a little of
 * each and only prints.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SetupError, step } from '../../tools/progress.mjs';
import { writeDocuments } from './documents.ts';
import { installPeers } from './install.ts';
import { full, quick } from './plan.ts';
import { renderTables } from './report.ts';
import { runSuite } from './suite.ts';

const isQuick = process.argv.includes('--quick');
const raw = resolve(import.meta.dirname, '../../.cache/bench.json');

try {
  await step('peers', installPeers);
  const results = await runSuite(isQuick ? quick : full);
  console.log(`\n${renderTables(results)}`);
  await mkdir(resolve(raw, '..'), { recursive: true });
  await writeFile(raw, JSON.stringify(results, null, 2));
  if (isQuick) console.log('\nA quick try: docs/ was left alone.');
  else await step('docs', () => writeDocuments(results));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
