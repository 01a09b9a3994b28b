import { describe, expect } from 'vitest';
import { bearer, purchase } from '../support/purchase.ts';
import { hourMs, type Provider, startMs } from '../support/service.ts';
import { test } from '../support/test.ts';

async function sendAll({ post }: Provider, purchases: number): Promise<void> {
  for (let number = 1; number <= purchases; number++) {
    await post({ ...purchase, orderId: String(number), customerId: `cust-${number % 2}` });
  }
  await post({ ...purchase, event: 'signup', orderId: 'trial' });
  await post({ event: 'visit', referral: 'r1', landedAt: startMs });
}

describe('purchases, signups and visits', () => {
  test('are listed newest first, page by page', async ({ acme, service }) => {
    await sendAll(acme, 5);
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/api/SaasTrackings?limit=2${cursor && `&cursor=${cursor}`}`;
      const { body } = await service.send(path, { headers: bearer(acme.secret) });
      const { items, next } = body as { items: { orderId?: string }[]; next: string | null };
      expect(items.length).toBeLessThanOrEqual(2);
      seen.push(...items.map(({ orderId }) => orderId ?? 'visit'));
      cursor = next;
    }
    expect(seen).toEqual(['visit', 'trial', '5', '4', '3', '2', '1']);
  });

  test.for<[string, (string | undefined)[]]>([
    ['event=visit', [undefined]],
    ['event=purchase', ['3', '2', '1']],
    ['event=purchase,signup', ['trial', '3', '2', '1']],
    ['event=signup,visit,signup', [undefined, 'trial']],
    ['event=signup%2Cpurchase&limit=2', ['trial', '3']],
    ['customerId=cust-1', ['trial', '3', '1']],
    ['customerId=cust-1&event=visit', []],
    ['limit=3', [undefined, 'trial', '3']],
    ['limit=3&cursor=', [undefined, 'trial', '3']],
  ])('are filtered by %s', async ([query, orderIds], { acme }) => {
    await sendAll(acme, 3);
    const rows = await acme.rows(`?${query}`);
    expect(rows.map(({ orderId }) => orderId)).toEqual(orderIds);
  });

  test('are filtered by the time that the strongest copy says, however early a weaker one came', async ({
    acme,
    service,
  }) => {
    const order = { ...purchase, orderId: 'guessed' };
    await acme.post({ ...order, purchasedAt: startMs });
    await acme.post({ ...order, customerId: 'somebody', purchasedAt: startMs });
    service.time.now += 60 * 24 * hourMs;
    const { now } = service.time;
    await acme.post({ ...order, purchasedAt: now }, bearer(acme.secret));
    await acme.post({ ...order, orderId: 'new', purchasedAt: now });
    const orderIds = async (query: string) => (await acme.rows(`?${query}`)).map(({ orderId }) => orderId);
    expect(await orderIds(`from=${now}`)).toEqual(['new', 'guessed']);
    expect(await orderIds(`from=${now}&limit=1`)).toEqual(['new']);
    expect(await orderIds(`from=${startMs}&to=${now}`)).toEqual([]);
  });

  test.for(['event=', 'event=trial', 'event=purchase,', 'event=purchase,trial'])(
    'are not listed by %s',
    async (query, { acme, service }) => {
      await sendAll(acme, 1);
      expect(
        await service.send(`/api/SaasTrackings?${query}`, { headers: bearer(acme.secret) }),
      ).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/event', detail: expect.stringContaining('purchase, signup, visit') }] },
      });
    },
  );
});

test.for([
  ['trust', 'unsigned, origin, signed, server'],
  ['verdict', 'listing, foreign, unknown, host, expired, server, none'],
])(
  'refuses a word for %s that there is none of, with those that there are',
  async ([name, words], { acme, service }) => {
    const { body } = await service.send(`/api/SaasTrackings?${name}=high`, { headers: bearer(acme.secret) });
    expect(body.errors).toMatchObject([{ detail: `${name} must be one of ${words}` }]);
  },
);

describe.each(['/api/SaasTrackings', '/api/rejections', '/api/clicks'])('%s', (path) => {
  test.for([
    'limit=0',
    'limit=1001',
    'limit=all',
    'cursor=guess',
    'cursor=guessguessguessguess12',
    'event2=visit',
  ])('refuses %s', async (query, { acme, service }) => {
    const { status, body } = await service.send(`${path}?${query}`, { headers: bearer(acme.secret) });
    expect(status).toBe(400);
    const name = query.split('=')[0];
    const detail = expect.stringMatching(`^${name} (must be|is not) `);
    expect(body.errors).toMatchObject([{ pointer: `/${name}`, detail }]);
  });

  test('takes a live secret only', async ({ acme, service }) => {
    const wrong = `os_${acme.keyId}_${'A'.repeat(43)}`;
    for (const headers of [{}, bearer(acme.partnerKey), bearer(wrong), { authorization: 'Basic cGs6' }]) {
      const answer = await service.send(path, { headers });
      expect(answer).toMatchObject({ status: 401, body: { status: 401 } });
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  test("shows nothing of another provider's", async ({ acme, addProvider, service }) => {
    const other = await addProvider();
    await acme.addListing(acme.partnerKey);
    await acme.post(purchase);
    await acme.post({ ...purchase, customerId: '' });
    await service.send(`/go/${acme.partnerKey}`);
    expect(await service.list(path, acme.secret)).toHaveLength(1);
    expect(await service.list(path, other.secret)).toEqual([]);
  });
});
