import fc from 'fast-check';
import { test } from '../workerFixtures.ts';
import type { Sequence } from './actions.ts';
import { describeSequence } from './describe.ts';
import { play } from './play.ts';
import { sequences } from './sequences.ts';
import { settings } from './settings.ts';
import type { Stage } from './stage.ts';

for (const part of settings.parts) {
  test(`random sequences, part ${part}: the ledger is as the model says`, async ({ stage }) => {
    test.setTimeout(settings.timeLimitMs * 2);
    await playSequences(stage, part);
  });
}

async function playSequences(stage: Stage, part: number): Promise<void> {
  const seed = settings.seedOf(part);
  const replay = (path = '') => `ONRAMP_MODEL_SEED=${seed}${path && ` ONRAMP_MODEL_PATH=${path}`}`;
  console.log(`model, part ${part}: ${settings.sequences ?? 'endless'} sequences, ${replay()}`);
  const startedAt = performance.now();
  let played = 0;
  let failed = false;
  const property = fc.asyncProperty(sequences, async (sequence) => {
    try {
      // Once one has failed, those that fail as well are worth less patience.
      await play(stage, sequence, failed ? settings.impatienceMs : settings.patienceMs);
    } catch (error) {
      failed = true;
      throw error;
    }
    played++;
    if (played % settings.progressEvery === 0) {
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      console.log(`model, part ${part}: ${played} sequences played (${seconds} s)`);
    }
  });
  const details = await fc.check<[Sequence]>(property, {
    seed,
    ...(settings.path && { path: settings.path }),
    numRuns: settings.sequences ?? Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: settings.timeLimitMs,
    markInterruptAsFailure: false,
  });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`model, part ${part}: ${played} sequences held (${seconds} s)`);
  if (!details.counterexample) return;
  const [sequence] = details.counterexample;
  const steps = describeSequence(sequence);
  throw new Error(
    `After ${details.numRuns} sequences one failed; shortened, it is\n${steps}\n` +
      `Replay it with ${replay(details.counterexamplePath ?? '')}\n\n${details.errorInstance}`,
  );
}
