import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OnrampCall } from '../../../src/provider/stripe.ts';
import { summarize } from './support/ledger.ts';
import type { Life } from './support/life.ts';
import { anyPaddleLife } from './support/paddleLife.ts';
import { anyStripeLife } from './support/stripeLife.ts';

const callsOf = ({ mapped }: Life): OnrampCall[] => mapped.flatMap(({ calls }) => calls);

describe.each([
  ['Stripe', anyStripeLife],
  ['Paddle', anyPaddleLife],
])('%s', (_name, life) => {
  test('whatever happens, its events come to the same, at once or late, twice and in any order', () => {
    fc.assert(
      fc.property(life, (lived) => {
        expect(summarize(callsOf(lived))).toEqual(lived.expected);
      }),
    );
  });
});
