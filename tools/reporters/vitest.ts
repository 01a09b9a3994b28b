import { relative } from 'node:path';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { describeFailure, type Outcome, writeOutcome } from '../outcome.ts';

/** Counts what was run, and with it what fails beside the tests: files, hooks, and errors that nobody caught. */
export default class OutcomeReporter implements Reporter {
  async onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[],
  ): Promise<void> {
    const outcome: Outcome = { passed: 0, skipped: 0, failures: [] };
    for (const module of modules) {
      const file = `[${module.project.name}] ${relative(process.cwd(), module.moduleId)}`;
      const fail = (name: string, errors: readonly SerializedError[]) =>
        outcome.failures.push(describeFailure(`${file}${name}`, errors[0]?.message));
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === 'failed') fail(` > ${test.fullName}`, errors);
        else outcome[state === 'passed' ? 'passed' : 'skipped'] += 1;
      }
      for (const suite of module.children.allSuites()) {
        const errors = suite.errors();
        if (errors.length) fail(` > ${suite.fullName}`, errors);
      }
      const errors = module.errors();
      if (errors.length) fail('', errors);
    }
    for (const error of unhandledErrors) {
      outcome.failures.push(describeFailure('an error that nobody caught', error.stack ?? error.message));
    }
    await writeOutcome(outcome);
  }
}
