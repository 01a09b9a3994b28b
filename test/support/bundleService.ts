import { statSync } from 'node:fs';
import type { FullConfig } from '@playwright/test';
import type { TestProject } from 'vitest/node';
import { bundledService, bundleService } from '../../tools/serviceBundle.ts';

/** For the tests of a run that start the service as a process, and in watch mode of each run again. */
export default async function setup(runner: TestProject | FullConfig): Promise<void> {
  if (!isOfThisRun()) await bundleService();
  if ('onTestsRerun' in runner) runner.onTestsRerun(bundleService);
}

/** Several projects of a run ask for it, one after the other, and share nothing but their process. */
function isOfThisRun(): boolean {
  const made = statSync(bundledService, { throwIfNoEntry: false });
  return made !== undefined && made.mtimeMs > performance.timeOrigin;
}
