import type { FullConfig } from '@playwright/test';
import type { TestProject } from 'vitest/node';
import { bundleService } from '../../tools/serviceBundle.ts';

/** For the tests of a run that start the service as a process, and in watch mode of each run again. */
export default async function setup(runner: TestProject | FullConfig): Promise<void> {
  await bundleService();
  if ('onTestsRerun' in runner) runner.onTestsRerun(bundleService);
}
