import fc from 'fast-check';
import type { Action, Bought, NetworkState, PageSpec, Sequence } from './actions.ts';

const bought: fc.Arbitrary<Bought> = fc.record({
  by: fc.constantFrom('order', 'time', 'customer', 'signup'),
  name: fc.constantFrom('a', 'b'),
});

// Of several choices the first is what a failing sequence is shrunk to.
const mostly = <const Common, const Rare>(common: Common, ...rare: Rare[]): fc.Arbitrary<Common | Rare> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: 3, arbitrary: fc.constant(common) },
    { weight: 2, arbitrary: fc.constantFrom(...rare) },
  );

const page: fc.Arbitrary<PageSpec> = fc.record({
  referral: mostly(undefined, 'r-1', 'r-2', 'r-3'),
  thanks: fc.oneof(
    { withCrossShrink: true },
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: bought },
  ),
  beacons: mostly('work', 'are missing', 'are refused', 'throw', 'are swallowed'),
  storage: mostly('works', 'is denied', 'is full'),
  privacy: mostly('is free', 'needs consent', 'is asked for by GPC'),
});

const network: fc.Arbitrary<NetworkState> = mostly(
  'works',
  'drops',
  'answers 503',
  'answers 429',
  'loses the answer',
  'answers with a foreign picture',
);

const tab = mostly(1, 2);

function inTab<Does extends string>(does: Does) {
  return fc.record({ does: fc.constant(does), tab });
}

const opens = fc.record({ does: fc.constant('opens'), tab, page });

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('buys'), tab, bought }) },
  { weight: 4, arbitrary: opens },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('network changes'), beacon: network, image: network }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('buys and opens at once'), tab, bought, page }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('buys and closes at once'), tab, bought }) },
  { weight: 2, arbitrary: inTab('goes back') },
  { weight: 1, arbitrary: inTab('asks for the referral') },
  { weight: 1, arbitrary: inTab('leaves for a page without the tag') },
  { weight: 2, arbitrary: inTab('consents') },
  { weight: 1, arbitrary: inTab('withdraws consent') },
  { weight: 1, arbitrary: inTab('reloads') },
  { weight: 1, arbitrary: inTab('comes online') },
  { weight: 1, arbitrary: inTab('closes') },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('server reports'), bought }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('service goes down') }) },
);

/** Starts with a page, since in a browser without one little can happen. */
export const sequences: fc.Arbitrary<Sequence> = fc.record({
  cookies: mostly('work', 'are denied'),
  actions: fc
    .tuple(opens, fc.array(action, { maxLength: 9, size: 'max' }))
    .map(([first, rest]) => [first, ...rest]),
});
