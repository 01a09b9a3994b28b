import type { Page } from '@playwright/test';

/** What most tests buy. */
export const purchase = { serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' };

/** Calls onrampTrack in the page, and resolves to its receipt. */
export function track(page: Page, argument: object = purchase) {
  return page.evaluate((given) => window.onrampTrack(given), argument);
}
