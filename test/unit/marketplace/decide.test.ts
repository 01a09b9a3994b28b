import { expect, test } from 'vitest';
import { decideNext } from '../../../src/marketplace/provisioning/decide.ts';
import type { Attempt } from '../../../src/marketplace/store/orderAttempts.ts';

const hourMs = 3_600_000;

test('four quick attempts, then growing delays for 3 days, then it waits for a person', () => {
  const attempts: Attempt[] = [];
  const delaysMs: number[] = [];
  for (let now = 0; ; ) {
    const number = attempts.push({ number: attempts.length + 1, startedAt: now, outcome: 'unreachable' });
    const change = decideNext(
      { kind: 'unreachable', fault: 'unreachable', reason: 'the connection was refused' },
      {
        order: { createdAt: 0, attempts, hasPassword: false },
        number,
        idempotent: false,
        holdsPassword: true,
        now,
        knownNow: now,
        random: () => 0.5,
      },
    );
    if (change.status === 'needs_attention') {
      expect(now).toBe(72 * hourMs);
      break;
    }
    expect(change).toMatchObject({ status: number < 4 ? 'under_way' : 'waiting' });
    const nextAt = 'nextAt' in change ? (change.nextAt ?? 0) : 0;
    delaysMs.push(nextAt - now);
    now = nextAt;
  }
  // Halves of 1, 2 and 4 s; then three quarters of 1, 2, 4 … 60 minutes.
  expect(delaysMs.slice(0, 11)).toEqual([
    500, 1_000, 2_000, 45_000, 90_000, 180_000, 360_000, 720_000, 1_440_000, 2_700_000, 2_700_000,
  ]);
});
