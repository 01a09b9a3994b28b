import type { StripeEvent, StripeOptions } from '../../../../src/provider/stripe.ts';
import {
  type Charge,
  createCharge,
  createDispute,
  createInvoice,
  createRefund,
  createSession,
  createSubscription,
  type Dispute,
  type Invoice,
  type Metadata,
  type Refund,
  type Session,
  startSeconds,
  subscription,
} from './stripeObjects.ts';

export interface Payment {
  charge: Charge;
  invoice: Invoice | null;
  refunds: Refund[];
  disputes: Dispute[];
}

/** A customer's subscription at Stripe: what happens makes events, and changes what the API answers from then on. */
export function createStripeAccount(metadata: Metadata, currency = 'eur') {
  const events: (StripeEvent & { id: string })[] = [];
  const invoices: Invoice[] = [];
  const payments: Payment[] = [];
  const sessions: Session[] = [];
  const time = { seconds: startSeconds };
  let ids = 0;
  const createId = (prefix: string) => `${prefix}_1Q${String(++ids).padStart(6, '0')}`;

  /** An event has the object as it is at that moment. */
  function emit(type: string, object: object): void {
    events.push({
      id: createId('evt'),
      type,
      created: time.seconds,
      data: { object: structuredClone(object) },
    });
  }

  function pay(amount: number, invoice: Invoice | null, chargeMetadata: Metadata = {}): Payment {
    const [id, paymentIntent] = [createId('ch'), createId('pi')];
    const parts = { id, created: time.seconds, amount, currency, metadata: chargeMetadata, paymentIntent };
    const payment = { charge: createCharge(parts), invoice, refunds: [], disputes: [] };
    payments.push(payment);
    return payment;
  }

  function invoiceOf(paid: number, reason: Invoice['billing_reason']): Invoice {
    const invoice = createInvoice({
      id: createId('in'),
      created: time.seconds,
      paid,
      currency,
      reason,
      metadata,
    });
    invoices.push(invoice);
    time.seconds += 2;
    emit('invoice.paid', invoice);
    emit('invoice.payment_succeeded', invoice);
    return invoice;
  }

  const account = {
    events,
    invoices,
    payments,
    sessions,
    time,
    /** The buyer's Checkout: a trial, or the first payment. */
    subscribe(
      amount: number,
      trialDays = 0,
      sessionParts: { clientReferenceId?: string } = {},
    ): Payment | undefined {
      emit('customer.subscription.created', createSubscription(time.seconds, metadata, trialDays));
      const invoice = invoiceOf(trialDays > 0 ? 0 : amount, 'subscription_create');
      const payment = trialDays > 0 ? undefined : pay(amount, invoice);
      const session = createSession({
        ...sessionParts,
        id: createId('cs'),
        created: time.seconds,
        mode: 'subscription',
        total: invoice.amount_paid,
        currency,
        metadata,
        paymentStatus: trialDays > 0 ? 'no_payment_required' : 'paid',
        invoice: invoice.id,
      });
      sessions.push(session);
      emit('checkout.session.completed', session);
      return payment;
    },
    /** A later payment: the first one after a trial looks no different. */
    charge(amount: number, reason: Invoice['billing_reason'] = 'subscription_cycle'): Payment {
      return pay(amount, invoiceOf(amount, reason));
    },
    /** A one-time payment by Checkout, by bank debit when delayed. */
    buy(amount: number, isDelayed = false): Payment {
      const payment = pay(amount, null, metadata);
      const parts = {
        id: createId('cs'),
        created: time.seconds,
        mode: 'payment',
        total: amount,
        currency,
      } as const;
      const paymentIntent = payment.charge.payment_intent;
      const session = createSession({
        ...parts,
        metadata,
        paymentIntent,
        paymentStatus: isDelayed ? 'unpaid' : 'paid',
      });
      emit('checkout.session.completed', session);
      if (!isDelayed) return payment;
      time.seconds += 3 * 86_400;
      emit('checkout.session.async_payment_succeeded', { ...session, payment_status: 'paid' });
      return payment;
    },
    refund(payment: Payment, amount: number): Refund {
      const { charge } = payment;
      const refund = createRefund(createId('re'), time.seconds, charge, amount);
      payment.refunds.push(refund);
      charge.amount_refunded += amount;
      charge.refunded = charge.amount_refunded === charge.amount;
      emit('refund.created', refund);
      emit('charge.refunded', charge);
      return refund;
    },
    failRefund({ charge }: Payment, refund: Refund): void {
      refund.status = 'failed';
      charge.amount_refunded -= refund.amount;
      charge.refunded = false;
      emit('refund.updated', refund);
      emit('refund.failed', refund);
    },
    dispute(payment: Payment, amount: number): Dispute {
      const dispute = createDispute(createId('dp'), time.seconds, payment.charge, amount);
      payment.disputes.push(dispute);
      payment.charge.disputed = true;
      emit('charge.dispute.created', dispute);
      emit('charge.dispute.funds_withdrawn', dispute);
      return dispute;
    },
    closeDispute(dispute: Dispute, status: 'won' | 'lost'): void {
      dispute.status = status;
      emit('charge.dispute.closed', dispute);
      if (status === 'won') emit('charge.dispute.funds_reinstated', dispute);
    },
    /** What the API says now of what the event is about: what the guide reads. */
    readMore({ data }: StripeEvent): Omit<StripeOptions, 'serviceName'> {
      const object = structuredClone(data.object);
      if ('billing_reason' in object) return { paidInvoices: invoices };
      const charge = 'charge' in object ? object.charge : 'id' in object ? object.id : undefined;
      const payment = payments.find((payment) => payment.charge.id === charge);
      return payment ? { payment: structuredClone(payment) } : {};
    },
    subscription,
  };
  return account;
}
