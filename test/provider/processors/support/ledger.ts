import type { OnrampCall, RefundFields } from '../../../../src/provider/stripe.ts';

/** What the marketplace makes of calls, by its rules, as far as money and counts go. */
export interface Summary {
  signups: string[];
  purchases: string[];
  renewals: string[];
  /** Referral ids of the purchases. */
  referrals: string[];
  gross: number;
  refunded: number;
}

export function summarize(calls: readonly OnrampCall[]): Summary {
  const of = (name: OnrampCall['call']) => calls.filter(({ call }) => call === name);
  const orders = new Map<string, number>();
  const refunds = new Map<string, RefundFields>();
  const referrals = new Set<string>();
  for (const { call, fields } of calls) {
    if (call === 'trackSignup') continue;
    if (call === 'trackRefund') {
      const last = refunds.get(fields.orderId);
      const isNewer =
        !last ||
        fields.purchasedAt > last.purchasedAt ||
        (fields.purchasedAt === last.purchasedAt && Number(fields.amount) > Number(last.amount));
      if (isNewer) refunds.set(fields.orderId, fields);
      continue;
    }
    orders.set(fields.orderId, Number(fields.amount ?? orders.get(fields.orderId) ?? 0));
    if (call === 'trackPurchase' && fields.referral) referrals.add(fields.referral.id);
  }
  const ordersOf = (name: 'trackPurchase' | 'trackRenewal') =>
    [...new Set(of(name).flatMap(({ fields }) => ('orderId' in fields ? [fields.orderId] : [])))].sort();
  return {
    signups: [...new Set(of('trackSignup').map(({ fields }) => fields.customerId))],
    purchases: ordersOf('trackPurchase'),
    renewals: ordersOf('trackRenewal'),
    referrals: [...referrals],
    gross: sum([...orders.values()]),
    refunded: sum([...refunds.values()].map(({ amount }) => Number(amount))),
  };
}

function sum(amounts: readonly number[]): number {
  return Math.round(amounts.reduce((total, amount) => total + amount, 0) * 100) / 100;
}
