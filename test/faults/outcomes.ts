import type { Outcome, Purchase } from './situation.ts';

/** What every row buys that says nothing else. */
export const order = { serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' } satisfies Purchase;

/** The order as the ledger has to hold it, referral included. The time is checked for every purchase. */
export const recorded = { ...order, trust: 'origin', referral: 'r-1', referralSource: 'param' };

const { trust: _trust, ...recordedAtAnyLevel } = recorded;

/** The default: exactly this purchase, exactly once. */
export const once: Outcome = { says: 'once', visits: 1, purchases: [recorded] };

export const onceWithoutVisit: Outcome = { ...once, says: 'once; the visit is lost', visits: 0 };

export const lost: Outcome = { says: 'lost, and the receipt says `held`', visits: 1 };

export function onceWith(says: string, fields: Record<string, unknown>): Outcome {
  return { ...once, says: `once, ${says}`, purchases: [{ ...recorded, ...fields }] };
}

export const onceWithoutReferral = onceWith('without referral', {
  referral: undefined,
  referralSource: undefined,
});

/** A page without an origin of its own sends none, and in Chromium no referrer either. */
export const onceOfAnyLevel: Outcome = {
  ...once,
  says: 'once, at level `unsigned` or `origin`: some engines hide where such a page is from',
  purchases: [recordedAtAnyLevel],
};

/** Nothing of ours ran. */
export const nothing: Outcome = { says: 'nothing is recorded' };
