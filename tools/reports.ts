import { readFile } from 'node:fs/promises';
import { type Counts, noCounts } from './counts.ts';

/** The part of Vitest's JSON report that is counted. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/** The part of Playwright's JSON report that is counted. */
interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors: unknown[];
}

export async function readVitestReport(path: string): Promise<Counts> {
  const report: VitestReport | undefined = await readReport(path);
  if (!report) return noCounts;
  // A file that can't be loaded fails without a test that does.
  const unloadable = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.length,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

export async function readPlaywrightReport(path: string): Promise<Counts> {
  const report: PlaywrightReport | undefined = await readReport(path);
  if (!report) return noCounts;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
}

/** Undefined where the runner died before it wrote one, or while it did. */
async function readReport(path: string) {
  return readFile(path, 'utf8')
    .then((text) => JSON.parse(text))
    .catch(() => undefined);
}
