import { stat } from 'node:fs/promises';
import type { FullConfig } from '@playwright/test';
import type { TestProject } from 'vitest/node';
import { bundledService, bundleService } from '../../tools/serviceBundle.ts';

/** For the tests of a run that start the service as a process, and in watch mode of each run again. */
export default async function setup(runner: TestProject | FullConfig): Promise<void> {
  if (!(await isOfThisRun())) await bundleService();
  if ('onTestsRerun' in runner) runner.onTestsRerun(bundleService);
}

/** Several projects of a run ask for it, one after the other, and share nothing but their process. */
async function isOfThisRun(): Promise<boolean> {
  const madeAt = await stat(bundledService).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  return madeAt > performance.timeOrigin;
}
