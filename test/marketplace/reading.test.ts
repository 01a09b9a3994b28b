import { describe, expect, test } from 'vitest';
import { bearer, purchase } from './support/purchase.ts';
import { startMs, startService } from './support/service.ts';

async function startWithPurchases(count: number) {
  const service = await startService();
  const { secret } = await service.addProvider();
  for (let number = 1; number <= count; number++) {
    await service.post({ ...purchase, orderId: String(number), customerId: `cust-${number % 2}` });
  }
  await service.post({ ...purchase, event: 'signup', orderId: 'trial' });
  await service.post({ partnerKey: 'pk_acme', event: 'visit', referral: 'r1', landedAt: startMs });
  return { service, secret };
}

describe('purchases, signups and visits', () => {
  test('are listed newest first, page by page', async () => {
    const { service, secret } = await startWithPurchases(5);
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/api/SaasTrackings?limit=2${cursor && `&cursor=${cursor}`}`;
      const { body } = await service.send(path, { headers: bearer(secret) });
      const { items, next } = body as { items: { orderId?: string }[]; next: string | null };
      expect(items.length).toBeLessThanOrEqual(2);
      seen.push(...items.map(({ orderId }) => orderId ?? 'visit'));
      cursor = next;
    }
    expect(seen).toEqual(['visit', 'trial', '5', '4', '3', '2', '1']);
  });

  test.each([
    ['event=visit', [undefined]],
    ['event=purchase', ['3', '2', '1']],
    ['event=purchase,signup', ['trial', '3', '2', '1']],
    ['event=signup,visit,signup', [undefined, 'trial']],
    ['event=signup%2Cpurchase&limit=2', ['trial', '3']],
    ['customerId=cust-1', ['trial', '3', '1']],
    ['customerId=cust-1&event=visit', []],
    ['limit=3', [undefined, 'trial', '3']],
    ['limit=3&cursor=', [undefined, 'trial', '3']],
  ])('are filtered by %s', async (query, orderIds) => {
    const { service, secret } = await startWithPurchases(3);
    const rows = await service.list(`/api/SaasTrackings?${query}`, secret);
    expect(rows.map(({ orderId }) => orderId)).toEqual(orderIds);
  });

  test.each(['event=', 'event=trial', 'event=purchase,', 'event=purchase,trial'])(
    'are not listed by %s',
    async (query) => {
      const { service, secret } = await startWithPurchases(1);
      expect(await service.send(`/api/SaasTrackings?${query}`, { headers: bearer(secret) })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/event', detail: expect.stringContaining('purchase, signup, visit') }] },
      });
    },
  );
});

describe.each(['/api/SaasTrackings', '/api/rejections', '/api/clicks'])('%s', (path) => {
  test.each([
    'limit=0',
    'limit=1001',
    'limit=all',
    'cursor=guess',
    'cursor=guessguessguessguess12',
    'event2=visit',
  ])('refuses %s', async (query) => {
    const service = await startService();
    const { secret } = await service.addProvider();
    const { status, body } = await service.send(`${path}?${query}`, { headers: bearer(secret) });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ pointer: `/${query.split('=')[0]}` }]);
  });

  test('takes a live secret only', async () => {
    const service = await startService();
    const { keyId } = await service.addProvider();
    const wrong = `os_${keyId}_${'A'.repeat(43)}`;
    for (const headers of [{}, bearer('pk_acme'), bearer(wrong), { authorization: 'Basic cGs6' }]) {
      const answer = await service.send(path, { headers });
      expect(answer).toMatchObject({ status: 401, body: { status: 401 } });
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  test("shows nothing of another provider's", async () => {
    const service = await startService();
    const acme = await service.addProvider();
    const other = await service.addProvider({ partnerKey: 'pk_other' });
    const provider = await service.store.findProvider('pk_acme');
    const landingUrl = 'https://acme.example/';
    await service.store.putListing({ name: 'acme', providerId: provider?.id ?? 0, landingUrl });
    await service.post(purchase);
    await service.post({ ...purchase, customerId: '' });
    await service.send('/go/acme');
    expect(await service.list(path, acme.secret)).toHaveLength(1);
    expect(await service.list(path, other.secret)).toEqual([]);
  });
});
