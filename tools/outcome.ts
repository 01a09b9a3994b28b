import { readFile, writeFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';

/** What a part of the test run came to. */
export interface Outcome {
  passed: number;
  skipped: number;
  /** A line for each failure, which are said again at the very end: who reads a long run from its end needs no more. */
  failures: string[];
}

export const noOutcome: Outcome = { passed: 0, skipped: 0, failures: [] };

export function addOutcomes(one: Outcome, other: Outcome): Outcome {
  return {
    passed: one.passed + other.passed,
    skipped: one.skipped + other.skipped,
    failures: [...one.failures, ...other.failures],
  };
}

/** What failed and the first line of why. */
export function describeFailure(what: string, message: string | undefined): string {
  const [line = ''] = stripVTControlCharacters(message ?? '')
    .trimStart()
    .split('\n', 1);
  return line ? `${what}: ${line}` : what;
}

/** For a runner's reporter: where the outcome goes, if the run is one that counts. */
export async function writeOutcome(outcome: Outcome): Promise<void> {
  const path = process.env.ONRAMP_TEST_OUTCOME;
  if (path) await writeFile(path, JSON.stringify(outcome));
}

/** No outcome where the runner died before it wrote one, or while it did. */
export async function readOutcome(path: string): Promise<Outcome> {
  return readFile(path, 'utf8')
    .then((text) => JSON.parse(text))
    .catch(() => noOutcome);
}
