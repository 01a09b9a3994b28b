import type { PaddleOptions } from '../../../../src/provider/paddle.ts';

/**
 * Paddle's objects with the fields that its documentation gives them, as its API spells them.
 * https://developer.paddle.com/api-reference
 */
/** With its amount as a number, for those who add up. */
export interface Transaction {
  amount: number;
  id: string;
  status: 'completed';
  customer_id: string;
  custom_data: Record<string, string> | null;
  currency_code: string;
  origin: 'web' | 'api' | 'subscription_recurring' | 'subscription_update' | 'subscription_charge';
  subscription_id: string | null;
  collection_mode: 'automatic';
  items: object[];
  details: { tax_rates_used: object[]; totals: Record<string, string>; line_items: object[] };
  payments: {
    payment_attempt_id: string;
    amount: string;
    status: 'captured' | 'error';
    captured_at: string | null;
  }[];
  billed_at: string;
  created_at: string;
  updated_at: string;
}

type AdjustmentStatus = 'pending_approval' | 'approved' | 'rejected' | 'reversed';

/** Likewise. */
export interface Adjustment {
  amount: number;
  id: string;
  action: 'refund' | 'credit' | 'chargeback' | 'chargeback_reverse' | 'chargeback_warning';
  type: 'partial';
  transaction_id: string;
  subscription_id: string | null;
  customer_id: string;
  reason: string;
  credit_applied_to_balance: boolean;
  currency_code: string;
  status: AdjustmentStatus;
  items: object[];
  totals: Record<string, string>;
  created_at: string;
  updated_at: string;
}

export interface PaddleJson {
  event_id: string;
  event_type: string;
  occurred_at: string;
  notification_id: string;
  data: Transaction | Adjustment | Record<string, unknown>;
}

export const customer = 'ctm_01hv6y1jedq4p1n0yqn5ba3ky4';
const startMs = Date.parse('2026-05-04T12:00:00Z');

/** A customer's subscription at Paddle: what happens makes events, and changes what the API answers from then on. */
export function createPaddleAccount(customData: Record<string, string> | null, currency = 'EUR') {
  const events: PaddleJson[] = [];
  const transactions: Transaction[] = [];
  const adjustments: Adjustment[] = [];
  const time = { now: startMs };
  let ids = 0;
  const createId = (prefix: string) => `${prefix}_01hv8x29kz0t586xy6${String(++ids).padStart(8, '0')}`;
  /** As Paddle writes it: to the microsecond. */
  const written = () => new Date(time.now).toISOString().replace('Z', '123Z');
  const subscription = createId('sub');

  function emit(type: string, data: PaddleJson['data']): void {
    const ids = { event_id: createId('evt'), notification_id: createId('ntf') };
    events.push({ ...ids, event_type: type, occurred_at: written(), data: structuredClone(data) });
  }

  function complete(amount: number, origin: Transaction['origin']): Transaction {
    const [total, at] = [String(amount), written()];
    const captured = {
      payment_attempt_id: createId('pay'),
      amount: total,
      status: 'captured',
      captured_at: at,
    } as const;
    const failed = {
      ...captured,
      payment_attempt_id: createId('pay'),
      status: 'error',
      captured_at: null,
    } as const;
    const transaction: Transaction = {
      amount,
      id: createId('txn'),
      status: 'completed',
      customer_id: customer,
      custom_data: customData,
      currency_code: currency,
      origin,
      subscription_id: subscription,
      collection_mode: 'automatic',
      items: [],
      details: {
        tax_rates_used: [],
        totals: {
          subtotal: total,
          tax: '0',
          total,
          credit: '0',
          balance: '0',
          grand_total: total,
          currency_code: currency,
        },
        line_items: [],
      },
      payments: amount > 0 ? [failed, captured] : [],
      billed_at: at,
      created_at: at,
      updated_at: at,
    };
    transactions.push(transaction);
    time.now += 2000;
    emit('transaction.completed', transaction);
    return transaction;
  }

  function adjust(
    transaction: Transaction,
    action: Adjustment['action'],
    amount: number,
    status: AdjustmentStatus,
  ) {
    const at = written();
    const total = String(amount);
    const adjustment: Adjustment = {
      amount,
      id: createId('adj'),
      action,
      type: 'partial',
      transaction_id: transaction.id,
      subscription_id: subscription,
      customer_id: customer,
      reason: 'as asked',
      credit_applied_to_balance: false,
      currency_code: currency,
      status,
      items: [],
      totals: { subtotal: total, tax: '0', total, fee: '0', earnings: total, currency_code: currency },
      created_at: at,
      updated_at: at,
    };
    adjustments.push(adjustment);
    emit('adjustment.created', adjustment);
    return adjustment;
  }

  return {
    events,
    transactions,
    adjustments,
    time,
    /** For those who add up by hand. */
    books: { givenBack: 0 },
    /** The buyer's checkout: a trial, or the first payment. */
    subscribe(amount: number, trialDays = 0): Transaction {
      const transaction = complete(trialDays > 0 ? 0 : amount, 'web');
      emit('subscription.created', {
        id: subscription,
        status: trialDays > 0 ? 'trialing' : 'active',
        customer_id: customer,
        address_id: createId('add'),
        currency_code: currency,
        created_at: written(),
        updated_at: written(),
        started_at: written(),
        first_billed_at: trialDays > 0 ? null : written(),
        collection_mode: 'automatic',
        billing_cycle: { interval: 'month', frequency: 1 },
        items: [],
        custom_data: customData,
      });
      return transaction;
    },
    charge: (amount: number, origin: Transaction['origin'] = 'subscription_recurring') =>
      complete(amount, origin),
    adjust,
    settle(adjustment: Adjustment, status: AdjustmentStatus): void {
      adjustment.status = status;
      adjustment.updated_at = written();
      emit('adjustment.updated', adjustment);
    },
    /** What the API says now of what the event is about: what the guide reads. */
    readMore({ data }: PaddleJson): Omit<PaddleOptions, 'serviceName'> {
      if ('origin' in data) return { completedTransactions: transactions };
      const transaction = transactions.find(
        ({ id }) => 'transaction_id' in data && id === data.transaction_id,
      );
      if (!transaction) return {};
      const own = adjustments.filter(({ transaction_id }) => transaction_id === transaction.id);
      return { payment: structuredClone({ transaction, adjustments: own }) };
    },
  };
}
