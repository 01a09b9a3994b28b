import { check, type Finding, problem } from '../finding.ts';
import { count } from '../words.ts';
import { describeEntry, type Entry, isOverdue, maxWaiting } from './outbox.ts';

/** What the outbox says that someone has to look at. */
export function judgeOutbox(entries: readonly Entry[], now: number): Finding[] {
  const waiting = entries.filter(({ state }) => state === 'waiting');
  const gone = entries.filter(({ state }) => state === 'gone');
  const overdue = waiting.filter((entry) => isOverdue(entry, now));
  return [
    ...gone.map((entry) =>
      problem(
        `A purchase left the outbox without being stored: ${describeEntry(entry)}`,
        'The marketplace refused it, or consent was withdrawn. “Ask why” below tells the reason.',
      ),
    ),
    ...(waiting.length >= maxWaiting
      ? [problem(`The outbox is full: ${waiting.length} purchases wait`, 'See what stops them below.')]
      : []),
    ...(overdue.length > 0
      ? [
          check(
            `${count(overdue.length, 'purchase')} waited for more than 7 days`,
            'The pixel gives them up. Report them from your server.',
          ),
        ]
      : []),
  ];
}
