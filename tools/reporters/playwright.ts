import type { FullConfig, Reporter, Suite, TestError } from '@playwright/test/reporter';
import { describeFailure, writeOutcome } from '../outcome.ts';

/** Counts what was run, and with it what fails beside the tests. A test that passed only when tried again has failed. */
export default class OutcomeReporter implements Reporter {
  #tests: Suite | undefined;
  readonly #errors: TestError[] = [];

  onBegin(_config: FullConfig, tests: Suite): void {
    this.#tests = tests;
  }

  onError(error: TestError): void {
    this.#errors.push(error);
  }

  async onEnd(): Promise<void> {
    const tests = this.#tests?.allTests() ?? [];
    const failed = tests.filter((test) => ['unexpected', 'flaky'].includes(test.outcome()));
    await writeOutcome({
      passed: tests.filter((test) => test.outcome() === 'expected').length,
      skipped: tests.filter((test) => test.outcome() === 'skipped').length,
      failures: [
        ...failed.map((test) => {
          const [, project, file, ...names] = test.titlePath();
          const error = test.results.find((result) => result.error)?.error;
          return describeFailure(`[${project}] ${file} > ${names.join(' > ')}`, error?.message);
        }),
        ...this.#errors.map((error) => describeFailure('an error outside of the tests', error.message)),
      ],
    });
  }

  /** The list beside it writes for the reader. */
  printsToStdio(): boolean {
    return false;
  }
}
