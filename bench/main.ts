/**
 * `npm run bench` sets the pixel beside the scripts that npm ships, in one browser, and the service beside a server
 * that does nothing and one that does the least to store, and rewrites docs/benchmark.md and docs/benchmark-service.md
 * with their pictures; it takes fifty minutes. With --pixel or --service it measures the one alone; with --quick a
 * little of each, and only prints. With --beside <folder>, the service of another checkout takes its turns as well.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError, step } from '../tools/progress.mjs';
import { type Measured, writeDocuments } from './documents.ts';
import { installPeers } from './install.ts';
import { renderPicture } from './picture/picture.ts';
import { full, quick } from './plan.ts';
import { renderTables } from './report.ts';
import { requireService } from './service/checkout.ts';
import { renderServicePicture } from './service/picture.ts';
import { full as fullService, quick as quickService } from './service/plan.ts';
import { renderServiceTables } from './service/report.ts';
import { runServiceSuite } from './service/suite.ts';
import { installWrk } from './service/wrk.ts';
import { runSuite } from './suite.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    pixel: { type: 'boolean' },
    service: { type: 'boolean' },
    beside: { type: 'string' },
  },
});
const raw = resolve(import.meta.dirname, '../.cache');

async function benchPixel(): Promise<void> {
  await step('peers', installPeers);
  const results = await runSuite(options.quick ? quick : full);
  const text = renderTables(results);
  await finish({ name: 'benchmark', text, picture: renderPicture(results) }, results);
}

async function benchService(): Promise<void> {
  if (options.beside) requireService(options.beside);
  let generator = '';
  await step('load generator', async (report) => {
    generator = await installWrk(report);
    return generator;
  });
  const plan = options.quick ? quickService : fullService;
  const results = await runServiceSuite(plan, generator, options.beside);
  const text = renderServiceTables(results);
  await finish({ name: 'benchmark-service', text, picture: renderServicePicture(results) }, results);
}

async function finish(measured: Measured, results: object): Promise<void> {
  console.log(`\n${measured.text}`);
  await mkdir(raw, { recursive: true });
  await writeFile(resolve(raw, `${measured.name}.json`), JSON.stringify(results, null, 2));
  if (options.quick) console.log('\nA quick try: docs/ was left alone.');
  else await step('docs', () => writeDocuments(measured));
}

try {
  if (!options.service) await benchPixel();
  if (!options.pixel) await benchService();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
