import { type Onramp, OnrampError } from 'onramp-pixel/provider';
import type { Books, Customer, Plan } from './orders.ts';

/** Somebody whom there is something to bill for. */
export type Subscriber = Customer & { plan: Plan };

/** A month's usage; the month as YYYY-MM. */
export interface Usage {
  period: string;
  count: number;
}

/** What Acme itself knows of a subscription, whether the marketplace could be told or not. */
export interface Subscription {
  subscriber: Subscriber;
  usage?: Usage;
  /** The day on which it was cancelled. */
  endedOn?: string;
  /** What came of the last report. */
  outcome?: { isGood: boolean; text: string };
}

export type Billing = ReturnType<typeof createBilling>;

/** Acme's billing: what it tells the marketplace of each subscription, by the kit's `updateSubscription`. */
export function createBilling(books: Books, onramp: Onramp) {
  const subscriptions = new Map<string, Subscription>();

  function subscriptionOf(subscriber: Subscriber): Subscription {
    return { ...subscriptions.get(subscriber.customerId), subscriber };
  }

  return {
    subscriptions: (): Subscription[] => books.customers().filter(isSubscriber).map(subscriptionOf),

    find(customerId: string): Subscription | undefined {
      const customer = books.customer(customerId);
      return customer && isSubscriber(customer) ? subscriptionOf(customer) : undefined;
    },

    /** Reports it as it is now. The same once more changes nothing; another count corrects the one before. */
    async report(subscription: Subscription): Promise<void> {
      const outcome = await tell(onramp, subscription);
      subscriptions.set(subscription.subscriber.customerId, { ...subscription, outcome });
    },
  };
}

async function tell(onramp: Onramp, { subscriber, usage, endedOn }: Subscription) {
  try {
    await onramp.updateSubscription({
      coid: subscriber.customerId,
      sku: skuOf(subscriber.plan),
      // Said with each report: a cancelled subscription would else be open again.
      expired: endedOn !== undefined,
      expiredDate: endedOn,
      ...usage,
    });
    return { isGood: true, text: `The marketplace has it on disk: ${reportWords(usage, endedOn)}.` };
  } catch (error) {
    if (error instanceof OnrampError) return { isGood: false, text: failureWords(error) };
    throw error;
  }
}

function reportWords(usage: Usage | undefined, endedOn: string | undefined): string {
  const used = usage ? [`${usage.count} messages in ${usage.period}`] : [];
  return [...used, endedOn ? `ended on ${endedOn}` : 'active'].join(', ');
}

/** The product's id in the marketplace. */
export function skuOf({ id }: Plan): string {
  return `crm-${id}`;
}

function isSubscriber(customer: Customer): customer is Subscriber {
  return customer.plan !== undefined;
}

function failureWords({ message, attempts, retryable }: OnrampError): string {
  const tries = attempts === 1 ? '1 try' : `${attempts} tries`;
  return `Not reported, after ${tries}. ${message}${retryable ? ' Run the job again later.' : ''}`;
}
