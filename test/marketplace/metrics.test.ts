import { expect, test } from 'vitest';
import { StoreUnavailableError } from '../../src/marketplace/store/errors.ts';
import { createCommandLine } from './support/command.ts';
import { startOrdering } from './support/ordering.ts';
import { patience } from './support/patience.ts';
import { accounts, startProviderEndpoint } from './support/providerEndpoint.ts';
import { bearer, purchase } from './support/purchase.ts';
import { hourMs, type Service, startMs, startService } from './support/service.ts';

/** The value of a series; undefined where there is none. */
async function read({ metrics }: Pick<Service, 'metrics'>, series: string): Promise<number | undefined> {
  const { text } = await metrics.read();
  const line = text.split('\n').find((known) => known.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

test('what became of messages is counted by the way they came', async () => {
  const service = await startService({ limits: { perAddress: 0, perKey: 4, perProvider: 0, orders: 0 } });
  const { secret } = await service.addProvider();
  const provider = await service.store.findProvider('pk_acme');
  const listing = { name: 'acme', providerId: provider?.id ?? 0, landingUrl: 'https://acme.example/' };
  await service.store.putListing(listing);
  expect(await read(service, 'onramp_accepted_total{way="post"}')).toBe(0);

  await service.post(purchase);
  await service.post(purchase);
  await service.picture(purchase);
  await service.picture({ ...purchase, customerId: '' });
  await service.post({ ...purchase, partnerKey: 'pk_nobody' });
  await service.post(purchase);
  await service.picture({ ...purchase, orderId: '2' }, bearer(secret));
  await service.send('/go/acme');
  const report = { providerkey: secret, coid: '1', sku: 's', expired: 'false' };
  for (const body of [report, { ...report, coid: '' }]) {
    await service.send('/update-subscription/', { method: 'POST', body: JSON.stringify(body) });
  }

  const expected = {
    'onramp_accepted_total{way="post"}': 1,
    'onramp_accepted_total{way="gif"}': 1,
    'onramp_accepted_total{way="go"}': 1,
    'onramp_accepted_total{way="update_subscription"}': 1,
    'onramp_duplicate_total{way="post"}': 1,
    'onramp_duplicate_total{way="gif"}': 1,
    'onramp_rejected_total{way="gif",reason="invalid_fields"}': 1,
    'onramp_rejected_total{way="post",reason="unknown_partner_key"}': 1,
    'onramp_rejected_total{way="update_subscription",reason="invalid_fields"}': 1,
    'onramp_rate_limited_total{by="key"}': 1,
    onramp_queue_entries: 0,
    // Each was alone: 4 trackings, 2 rejections, a click, a report.
    onramp_commit_seconds_count: 8,
  };
  const values = async () =>
    Object.fromEntries(
      await Promise.all(Object.keys(expected).map(async (series) => [series, await read(service, series)])),
    );
  await expect.poll(values, patience).toEqual(expected);
  expect(await read(service, 'process_start_time_seconds')).toBeGreaterThan(0);
  const { text } = await service.metrics.read();
  for (const private_ of ['pk_acme', 'cust-1', secret, '127.0.0.1']) expect(text).not.toContain(private_);
});

test('what could not be stored is counted', async () => {
  const service = await startService({
    wrapStore: (store) => ({ ...store, write: () => Promise.reject(new StoreUnavailableError('full')) }),
  });
  await service.addProvider();
  await service.post(purchase);
  await service.picture(purchase);
  await expect.poll(() => read(service, 'onramp_unavailable_total'), patience).toBe(2);
  expect(await read(service, 'onramp_accepted_total{way="post"}')).toBe(0);
});

test('calls to providers are counted by outcome', async () => {
  const { create } = accounts({ idempotent: true });
  const { url } = await startProviderEndpoint(create);
  const { service, placeOrder, becomes } = await startOrdering({ url });
  await becomes(await placeOrder(), { status: 'succeeded' });
  expect(await read(service, 'onramp_provisioning_attempts_total{outcome="created"}')).toBe(1);
});

test('metrics are at an address of their own, which is this machine, and only where they are asked for', async () => {
  const line = await createCommandLine();
  const service = await line.serve('--metrics-port', '0');
  const metricsUrl = await service.said(/metrics are at (http:\S+)/);
  expect(new URL(metricsUrl).hostname).toBe('127.0.0.1');
  const answer = await fetch(metricsUrl);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await answer.text()).toContain('onramp_accepted_total{way="gif"} 0');
  expect((await fetch(new URL('/readyz', metricsUrl))).status).toBe(404);
  expect((await fetch(`${service.baseUrl}/metrics`)).status).toBe(404);
  expect(await service.end('SIGTERM')).toBe(0);
});

test('providers that have gone quiet are counted by what they no longer send', async () => {
  const service = await startService();
  await service.addProvider();
  for (let hour = 0; hour < 6; hour++) {
    service.time.now = startMs + hour * 2 * hourMs;
    await service.post({ ...purchase, orderId: `o-${hour}` });
  }
  const quiet = () => read(service, 'onramp_providers_quiet{event="purchase"}');
  expect(await quiet()).toBe(0);
  service.time.now += 48 * hourMs;
  expect(await quiet()).toBe(1);
  expect(await read(service, 'onramp_providers_quiet{event="visit"}')).toBe(0);
});
