import type { Origins } from '../../origins.ts';
import { page, plain, seeOther } from '../../responses.ts';
import { layout } from '../layout.ts';
import type { Billing, Subscription } from './billing.ts';
import { billingPage } from './billingPage.ts';

/** The pages of Acme's billing: no tag on them, since no buyer comes here. */
export function createOffice(origins: Origins, billing: Billing) {
  function show(): Response {
    const parts = { subscriptions: billing.subscriptions(), period: today().slice(0, 7) };
    const content = billingPage({ ...parts, consoleOrigin: origins.console });
    return page(layout({ site: 'billing', title: 'Acme, billing', step: 'billing', origins }, content));
  }

  async function act(request: Request): Promise<Response> {
    // Another page in this browser could post here as well.
    if (request.headers.get('origin') !== origins.provider)
      return plain(403, 'Only the back office may do this.');
    const form = new URLSearchParams(await request.text());
    const subscription = billing.find(form.get('customer') ?? '');
    if (!subscription) return plain(404, 'There is no such customer.');
    const changed = change(subscription, form);
    if (!changed) return plain(400, 'The usage has to be a whole number of 0 or more.');
    await billing.report(changed);
    return seeOther(`/billing#${subscription.subscriber.customerId}`);
  }

  return { show, act };
}

/** What the button that was pressed makes of a subscription. */
function change(subscription: Subscription, form: URLSearchParams): Subscription | undefined {
  if (form.get('do') === 'again') return subscription;
  if (form.get('do') === 'cancel') return { ...subscription, endedOn: today() };
  const text = form.get('count') ?? '';
  if (!/^\d{1,9}$/.test(text)) return undefined;
  return { ...subscription, usage: { period: today().slice(0, 7), count: Number(text) } };
}

/** In UTC, as the marketplace's months are. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}
