import fc from 'fast-check';
import { type MappedEvent, toMetadata } from '../../../../src/provider/stripe.ts';
import type { Summary } from './ledger.ts';

export const referral = {
  id: 'Zk3vQmX0aB1cD2eF3gH4iJ',
  source: 'param',
  landedAt: 1_777_800_000_000,
} as const;
/** What the provider set at the checkout. */
export const metadata = toMetadata({ customerId: '42', referral });
export const serviceName = 'Acme CRM';

/** An account's life at a processor, and what has to come of it. */
export interface Life {
  /** What the provider's server makes of the events: some at once, then of all twice, in any order. */
  mapped: MappedEvent[];
  /** Added up from what happened. */
  expected: Summary;
  /** The end of it, in epoch milliseconds. */
  endMs: number;
}

interface Parts<Account extends { events: readonly Event[] }, Event, Day> {
  /** The buyer's checkout, over nothing where it is a trial. */
  begin(trialDays: number): Account;
  anyDay: fc.Arbitrary<Day>;
  live(account: Account, day: Day): void;
  map(account: Account, events: readonly Event[]): MappedEvent[];
  addUp(account: Account, trialDays: number): Summary;
  endMs(account: Account): number;
}

export function anyLife<Account extends { events: readonly Event[] }, Event, Day>(
  parts: Parts<Account, Event, Day>,
): fc.Arbitrary<Life> {
  return fc
    .tuple(
      fc.nat(14),
      fc.array(fc.tuple(parts.anyDay, fc.boolean()), { maxLength: 15 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
    )
    .map(([trialDays, days, places]) => {
      const account = parts.begin(trialDays);
      const mapped: MappedEvent[] = [];
      for (const [day, isHeardAtOnce] of days) {
        const known = account.events.length;
        parts.live(account, day);
        if (isHeardAtOnce) mapped.push(...parts.map(account, account.events.slice(known)));
      }
      const shuffled = [...account.events, ...account.events]
        .map((event) => ({ event, place: places.next().value }))
        .sort((one, other) => one.place - other.place)
        .map(({ event }) => event);
      mapped.push(...parts.map(account, shuffled));
      return { mapped, expected: parts.addUp(account, trialDays), endMs: parts.endMs(account) };
    });
}
