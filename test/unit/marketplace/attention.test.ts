import { describe, expect, test } from 'vitest';
import { type Concerns, listConcerns, monthDue } from '../../../src/marketplace/console/attention.ts';

const none: Concerns = {
  stuck: new Map(),
  quiet: [],
  refused: { count: 0, more: false },
  missing: { month: '2026-11', count: 0, more: false },
  unheard: [],
  hasProviders: true,
  hasListings: true,
};
const texts = (concerns: Partial<Concerns>) =>
  listConcerns({ ...none, ...concerns }).map(({ standing, text }) => `${standing}: ${text.markup}`);

describe('what needs somebody', () => {
  test('is nothing where all is well, and the next step where nothing is there yet', () => {
    expect(texts({})).toEqual([]);
    expect(texts({ hasListings: false })).toEqual([
      'wait: There is no listing yet, so no link of ours leads to a provider',
    ]);
    expect(texts({ hasProviders: false, hasListings: false })).toEqual(['wait: There is no provider yet']);
  });

  test('begins with buyers who wait', () => {
    const found = texts({
      stuck: new Map([
        ['undecided', 1],
        ['unauthorized', 2],
      ]),
      refused: { count: 100, more: true },
      missing: { month: '2026-11', count: 1, more: false },
    });
    expect(found).toEqual([
      'bad: 1 order, of which nobody knows whether there is an account',
      'bad: 2 orders stuck at the provider’s endpoint: it does not accept our signature',
      'wait: More than 100 kinds of messages refused in the last day',
      'wait: 1 subscription without a report for 2026-11',
    ]);
  });

  test('names who has sent nothing yet, or says how many', () => {
    const [one, other] = ['a', 'b'].map((name) => ({ partnerKey: `pk_${name}`, name }));
    expect(texts({ unheard: one ? [one] : [] })).toEqual(['wait: <bdi>a</bdi> has sent nothing yet']);
    expect(texts({ unheard: one && other ? [one, other] : [] })).toEqual([
      'wait: 2 providers have sent nothing yet',
    ]);
  });

  test('names a provider once, whatever it has stopped sending', () => {
    const quiet = { partnerKey: 'pk_a', providerName: '<b>', lastAt: 0, usualMs: 5 * 3_600_000 };
    expect(
      texts({
        quiet: [
          { ...quiet, event: 'visit', silentMs: 144 * 3_600_000 },
          { ...quiet, event: 'purchase', silentMs: 200 * 3_600_000 },
        ],
      }),
    ).toEqual([
      'wait: <bdi>&lt;b&gt;</bdi> has sent no visits or purchases for 6 days, usually every 5 hours',
    ]);
  });
});

test.each([
  ['2026-11-26', '2026-11'],
  ['2026-11-08', '2026-11'],
  ['2026-11-07', '2026-10'],
  ['2026-01-01', '2025-12'],
])('on %s, the report of %s is due', (day, month) => {
  expect(monthDue(Date.parse(day))).toBe(month);
});
