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
  { send }: Pick<Service, 'send'>,
  elements: Fields,
  headers: Record<string, string> = {},
  path = '/update-subscription/',
): Promise<Answer> {
  return send(path, { method: 'POST', headers, body: JSON.stringify(elements) });
}

/** A provider that reports as in 2017, its secret in the body, and reads back what it said. */
export async function startReporting(options?: Parameters<typeof startService>[0]) {
  const service = await startService(options);
  return { ...service, ...(await service.addProvider()) };
}
