import { bearer } from './purchase.ts';
import { type Answer, type Fields, type Service, startService } from './service.ts';

/** A month's usage, without its providerkey. */
export const usage = {
  coid: 'cust-1',
  expired: false,
  sku: 'crm-basic',
  count: 120,
  period: '2026-05',
};

/** Sends the elements as JSON. */
export function postReport(
  { send }: Service,
  elements: Fields,
  headers: Record<string, string> = {},
  path = '/update-subscription/',
): Promise<Answer> {
  return send(path, { method: 'POST', headers, body: JSON.stringify(elements) });
}

/** A provider that reports as in 2017, its secret in the body, and reads back what it said. */
export async function startReporting(options?: Parameters<typeof startService>[0]) {
  const service = await startService(options);
  const { secret } = await service.addProvider();
  return {
    ...service,
    secret,
    report: (elements: Fields, headers?: Record<string, string>) =>
      postReport(service, { ...usage, providerkey: secret, ...elements }, headers),
    subscriptions: () => service.list('/api/subscriptions', secret),
    reports: (query = '') => service.list(`/api/subscriptions/reports${query}`, secret),
    page: (path: string) => service.send(path, { headers: bearer(secret) }),
  };
}
