import { describe, expect, test } from 'vitest';
import { keepPurging } from '../../../src/marketplace/purge.ts';
import { patience } from '../support/patience.ts';
import { purchase } from '../support/purchase.ts';
import { hourMs, startMs, startService } from '../support/service.ts';

describe('the retention', () => {
  const log = { info: () => undefined, error: () => undefined };

  test('deletes older purchases, visits and clicks, and nothing without it', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    const provider = await service.store.findProvider('pk_acme');
    const landingUrl = 'https://acme.example/';
    await service.store.putListing({ name: 'acme', providerId: provider?.id ?? 0, landingUrl });
    const act = async (orderId: string) => {
      await service.post({ ...purchase, orderId });
      await service.post({ partnerKey: 'pk_acme', event: 'visit', referral: orderId, landedAt: startMs });
      await service.send('/go/acme');
    };
    await act('old');
    service.time.now += 24 * hourMs;
    await act('young');
    service.time.now += 6 * 24 * hourMs + 1;
    const clock = () => service.time.now;
    const counts = async () =>
      await Promise.all(
        ['/api/SaasTrackings', '/api/clicks'].map(async (path) => (await service.list(path, secret)).length),
      );

    let purges = 0;
    const purgeOrders = async (before: number) => {
      purges++;
      return await service.store.purgeOrders(before);
    };
    const stopWithout = keepPurging({ store: { ...service.store, purgeOrders }, clock, log });
    await expect.poll(() => purges, patience).toBe(1);
    stopWithout();
    expect(await counts()).toEqual([4, 2]);

    const stop = keepPurging({ store: service.store, clock, log, retentionMs: 7 * 24 * hourMs });
    await expect.poll(counts, patience).toEqual([2, 1]);
    stop();
    expect(await service.list('/api/SaasTrackings?event=purchase', secret)).toMatchObject([
      { orderId: 'young' },
    ]);
  });

  test('deletes more than is deleted at once', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    for (let batch = 0; batch < 12; batch++) {
      const orderIds = Array.from({ length: 100 }, (_, index) => `${batch}-${index}`);
      await Promise.all(orderIds.map((orderId) => service.post({ ...purchase, orderId })));
    }
    expect(await service.store.purgeTrackings(startMs)).toBe(0);
    expect(await service.store.purgeTrackings(startMs + 1)).toBe(1_200);
    expect(await service.list('/api/SaasTrackings', secret)).toEqual([]);
  });
});
