import type { BuyerFailure } from '../store/orders.ts';

/** What came of calling the provider; the kinds are those of AttemptOutcome. */
export type CallResult =
  | { kind: 'created'; status: number; coid: string }
  | { kind: 'refused'; status: number; failure: BuyerFailure }
  | { kind: 'unreachable'; reason: string }
  | {
      kind: 'unclear';
      status?: number;
      reason: string;
      /** How long the provider wants to be left alone, in milliseconds. */
      retryAfterMs?: number | undefined;
    }
  | { kind: 'unusable'; status: number; reason: string };
