/**
 * `npm run bench` sets the pixel beside the scripts that npm ships, in one browser, and the service beside a server
 * that does nothing, and rewrites docs/benchmark.md and docs/benchmark-service.md with their pictures; it takes forty
 * minutes. With --pixel or --service it measures the one alone; with --quick a little of each, and only prints.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SetupError, step } from '../tools/progress.mjs';
import { type Measured, writeDocuments } from './documents.ts';
import { installPeers } from './install.ts';
import { renderPicture } from './picture/picture.ts';
import { full, quick } from './plan.ts';
import { renderTables } from './report.ts';
import { renderServicePicture } from './service/picture.ts';
import { full as fullService, quick as quickService } from './service/plan.ts';
import { renderServiceTables } from './service/report.ts';
import { runServiceSuite } from './service/suite.ts';
import { installWrk } from './service/wrk.ts';
import { runSuite } from './suite.ts';

const isQuick = process.argv.includes('--quick');
const isPixelOnly = process.argv.includes('--pixel');
const isServiceOnly = process.argv.includes('--service');
const raw = resolve(import.meta.dirname, '../.cache');

async function benchPixel(): Promise<void> {
  await step('peers', installPeers);
  const results = await runSuite(isQuick ? quick : full);
  const text = renderTables(results);
  await finish({ name: 'benchmark', text, picture: renderPicture(results) }, results);
}

async function benchService(): Promise<void> {
  let generator = '';
  await step('load generator', async (report) => {
    generator = await installWrk(report);
    return generator;
  });
  const results = await runServiceSuite(isQuick ? quickService : fullService, generator);
  const text = renderServiceTables(results);
  await finish({ name: 'benchmark-service', text, picture: renderServicePicture(results) }, results);
}

async function finish(measured: Measured, results: object): Promise<void> {
  console.log(`\n${measured.text}`);
  await mkdir(raw, { recursive: true });
  await writeFile(resolve(raw, `${measured.name}.json`), JSON.stringify(results, null, 2));
  if (isQuick) console.log('\nA quick try: docs/ was left alone.');
  else await step('docs', () => writeDocuments(measured));
}

try {
  if (!isServiceOnly) await benchPixel();
  if (!isPixelOnly) await benchService();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
