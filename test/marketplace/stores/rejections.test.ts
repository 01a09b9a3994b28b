import { describe, expect, inject } from 'vitest';
import { digest } from '../../../src/marketplace/ledger/hash.ts';
import { ofNoProvider } from '../../../src/marketplace/store/database.ts';
import {
  type RejectionEntry,
  rejectionLimits,
  unknownKeyPool,
  unreadablePool,
} from '../../../src/marketplace/store/rejections.ts';
import { toWebhookSecret } from '../../../src/provider/webhook.ts';
import { type Level, levels } from '../../../src/wire/fields.ts';
import { queryDatabase } from '../support/database.ts';
import { patience } from '../support/patience.ts';
import { bearer, fromAcme, purchase, signed } from '../support/purchase.ts';
import { startPurging } from '../support/purging.ts';
import { hourMs, startMs, startService } from '../support/service.ts';
import { test } from '../support/test.ts';

let idsGiven = 0;
/** Ids in the order of arrival, as the service's own are. */
const nextId = () => `01970000-0000-7000-8000-${(++idsGiven).toString(16).padStart(12, '0')}`;

const rejection = (pool: string, index: number, trust: Level = 'unsigned'): RejectionEntry => ({
  kind: 'rejection',
  id: nextId(),
  providerId: ofNoProvider,
  pool,
  fingerprint: digest(`${pool} ${index}`),
  receivedAt: startMs,
  rejection: {
    status: 400,
    reason: 'x',
    detail: '',
    errors: [],
    trust,
    via: 'post',
    payload: {},
  },
});

describe('what is refused', () => {
  test('is kept with its reason, for its provider to see', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    await service.post({ ...purchase, customerId: '', page: 'https://acme.example/?q=1' }, fromAcme);
    const kept = await service.list('/api/rejections', secret);
    expect(kept).toMatchObject([
      {
        partnerKey: 'pk_acme',
        status: 400,
        reason: 'invalid_fields',
        errors: [{ pointer: '/customerId', code: 'required' }],
        trust: 'origin',
        via: 'post',
        serviceName: 'Acme CRM',
        page: 'https://acme.example/',
        count: 1,
        receivedAt: new Date(startMs).toISOString(),
        firstSeenAt: new Date(startMs).toISOString(),
      },
    ]);
    // How many providers there are is nobody's but the marketplace's.
    expect(kept[0]).not.toHaveProperty('providerId');
  });

  test.for([400, 401, 403, 409])('with %i is kept', async (status, { addProvider }) => {
    const acme = await addProvider({ minimumLevel: 'origin' });
    const order = { ...purchase, orderId: '1' };
    await acme.post({ ...order, amount: 5 }, bearer(acme.secret));
    const refused = {
      400: () => acme.post({ ...order, event: 'x' }),
      401: () => acme.post(order, bearer('wrong')),
      403: () => acme.post(order),
      409: () => acme.post({ ...order, amount: 6 }, fromAcme),
    }[status];
    expect(await refused?.()).toMatchObject({ status });
    expect(await acme.rejections()).toMatchObject([{ status }]);
  });

  test('alike shares a row, whatever its clock and signature', async ({ acme, service }) => {
    const wrong = { ...purchase, customerId: '', purchasedAt: startMs };
    await acme.post(acme.sign({ ...wrong, clock: startMs }));
    service.time.now += hourMs;
    await acme.post(acme.sign({ ...wrong, clock: startMs + hourMs }, startMs + hourMs));
    await acme.post({ ...wrong, serviceName: 'Acme Mail' });
    expect(await acme.rejections()).toMatchObject([
      { count: 1 },
      {
        count: 2,
        receivedAt: new Date(startMs + hourMs).toISOString(),
        firstSeenAt: new Date(startMs).toISOString(),
        lastSeenAt: new Date(startMs + hourMs).toISOString(),
      },
    ]);
  });

  test('of an unknown key is for the marketplace only', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    await service.post({ ...purchase, partnerKey: 'pk_nobody' });
    await service.post({ ...purchase, partnerKey: '' });
    expect(await service.list('/api/rejections', secret)).toEqual([]);
    expect(await service.store.listRejections({ limit: 10 })).toMatchObject([
      { reason: 'invalid_fields' },
      { reason: 'unknown_partner_key', payload: { partnerKey: 'pk_nobody' } },
    ]);
  });

  test('holds no secret and no mac', async () => {
    const service = await startService();
    const keys = await service.addProvider();
    const sig = `${keys.keyId}.1.${'m'.repeat(43)}`;
    await service.post({ ...purchase, sig });
    await service.post({ ...purchase, partnerKey: keys.secret });
    await service.post({ ...purchase, customerId: `${'x'.repeat(360)}${keys.secret}` });
    await service.postRaw(`broken ${'x'.repeat(980)}${keys.secret}`);
    const kept = JSON.stringify(await service.store.listRejections({ limit: 10 }));
    expect(kept).toContain(`"sig":"${keys.keyId}.1."`);
    expect(kept).not.toContain('mmm');
    expect(kept).not.toContain(keys.secret.slice(0, 20));
  });

  test('holds no secret as libraries for Standard Webhooks have it', async ({ acme }) => {
    const webhookSecret = toWebhookSecret(acme.secret);
    for (const text of [webhookSecret, `a ${webhookSecret.slice('whsec_'.length)}`]) {
      await acme.post({ ...purchase, customerId: text, serviceName: '' });
      expect(await acme.report({ coid: text })).toMatchObject({ status: 400 });
    }
    const kept = JSON.stringify(await acme.rejections());
    expect(kept.match(/\(secret left out\)/g)).toHaveLength(2);
    expect(kept).not.toContain(webhookSecret.slice(6, 30));
  });

  test.for([
    ['an object', '{"toString":1}'],
    ['a deep array', '['.repeat(7_000) + ']'.repeat(7_000)],
    ['true', 'true'],
  ])('with %s as signature is kept without it', async ([_name, sig], { acme }) => {
    const body = JSON.stringify({ ...purchase, sig: 0 }).replace('"sig":0', `"sig":${sig}`);
    expect(await acme.postRaw(body)).toMatchObject({ status: 401 });
    expect(await acme.rejections()).toMatchObject([{ reason: 'wrong_signature', sig: '' }]);
  });

  test('holds no mac, wherever it stood', async () => {
    const service = await startService();
    const keys = await service.addProvider();
    const message = signed(purchase, keys, startMs);
    const mac = message.sig.replace(/^.*\./, '');
    const json = JSON.stringify(message);
    await service.postRaw(json.slice(0, -1));
    await service.postRaw(`[${json}]`);
    await service.postRaw(new URLSearchParams(message).toString(), 'text/plain');
    await service.post({ ...purchase, customerId: '', orderId: message.sig });
    const kept = await service.store.listRejections({ limit: 10 });
    expect(kept).toHaveLength(4);
    expect(JSON.stringify(kept)).not.toContain(mac.slice(0, 8));
    expect(kept[0]?.payload.orderId).toBe(`${keys.keyId}.${startMs / 1000}.(mac left out)`);
  });

  test('is cut where it would be refused again, and inside no character', async ({ acme }) => {
    await acme.post({ ...purchase, customerId: '😀'.repeat(250) });
    await acme.post({ ...purchase, customerId: `x${'😀'.repeat(400)}` });
    expect(await acme.rejections()).toMatchObject([
      { customerId: `x${'😀'.repeat(300)}` },
      { customerId: '😀'.repeat(250) },
    ]);
  });

  test('of a disabled provider keeps the level it arrived with', async ({ addProvider }) => {
    const acme = await addProvider({ disabled: true });
    await acme.post(purchase);
    await acme.post(purchase, fromAcme);
    await acme.post(acme.sign(purchase));
    await acme.post(purchase, bearer(acme.secret));
    const kept = await acme.rejections();
    expect(kept.map(({ reason, trust }) => [reason, trust])).toEqual([
      ['provider_disabled', 'server'],
      ['provider_disabled', 'signed'],
      ['provider_disabled', 'origin'],
      ['provider_disabled', 'unsigned'],
    ]);
  });

  test('as unreadable leaves a sample of at most 1 KiB', async () => {
    const service = await startService();
    await service.postRaw('x'.repeat(5_000));
    const [rejection] = await service.store.listRejections({ pool: unreadablePool, limit: 1 });
    expect(rejection?.payload).toEqual({ sample: 'x'.repeat(1_024) });
  });
});

/** Puts so many rows of a pool past the service, which takes ten times as long. */
async function fillPool(database: string, pool: string, count: number, trust: Level): Promise<void> {
  const name = `'${pool} ' || (1000000 + number)`;
  const bytes = inject('postgres') ? `convert_to(${name}, 'UTF8')` : `cast(${name} as blob)`;
  await queryDatabase(
    database,
    `insert into rejections
       with recursive numbers(number) as (select 1 union all select number + 1 from numbers where number < ${count})
       select ${bytes}, ${bytes}, '${pool}', ${bytes}, 400, 'x', '', '[]', '${trust}', ${levels.indexOf(trust)}, 'post',
         '{}', 1, ${startMs}, ${startMs}, ${ofNoProvider} from numbers`,
  );
}

describe('bounds', () => {
  test('a process counts them only when it has added enough by itself, and the least believed ones go first, of these the oldest', async () => {
    const { store } = await startService();
    let refused = 0;
    const refuse = (count: number, trust: Level) =>
      store.write(Array.from({ length: count }, () => rejection(unreadablePool, refused++, trust)));
    const { uncounted } = rejectionLimits;
    const kept = () => store.listRejections({ pool: unreadablePool, limit: 2 * uncounted });
    const count = async () => (await kept()).length;
    // It counts at first.
    await refuse(1, 'server');
    await refuse(599, 'server');
    await refuse(uncounted - 600, 'unsigned');
    expect(await count()).toBe(uncounted);
    await refuse(1, 'unsigned');
    await expect.poll(count, patience).toBe(1_000);
    await refuse(uncounted - 1, 'origin');
    expect(await count()).toBe(uncounted + 999);
    await refuse(1, 'unsigned');
    await expect.poll(count, patience).toBe(1_000);
    expect((await kept()).map(({ trust }) => trust)).toEqual([
      ...Array(400).fill('origin'),
      ...Array(600).fill('server'),
    ]);
  });

  test('of a full store, nobody’s go first, and then those of the providers that have most', async () => {
    const { store, database } = await startService();
    const countOf = async (pool: string) => {
      const counted = `select count(*) as count from rejections where pool = '${pool}'`;
      return Number((await queryDatabase(database, counted))[0]?.count);
    };
    await fillPool(database, unreadablePool, 500, 'signed');
    await fillPool(database, unknownKeyPool, 1_000, 'signed');
    for (let pool = 1; pool <= 9; pool++) await fillPool(database, `provider:${pool}`, 11_000, 'signed');
    await fillPool(database, 'provider:10', 9_000, 'signed');
    // The least believed of all, but few.
    await fillPool(database, 'provider:11', 1_899, 'unsigned');
    await store.write([rejection('provider:11', 0)]);
    await expect.poll(() => countOf('provider:9'), patience).toBe(9_900);
    for (const pool of [unreadablePool, unknownKeyPool]) expect(await countOf(pool)).toBe(0);
    expect(await countOf('provider:1')).toBe(9_900);
    expect(await countOf('provider:10')).toBe(9_000);
    expect(await countOf('provider:11')).toBe(1_900);
  });

  test('they go 30 days after they were last seen', async ({ acme, service }) => {
    await acme.post({ ...purchase, customerId: '' });
    await acme.post({ ...purchase, serviceName: '' });
    service.time.now += 2 * 24 * hourMs;
    await acme.post({ ...purchase, serviceName: '' });
    service.time.now += 28 * 24 * hourMs + 1;
    startPurging(service);
    await expect.poll(() => acme.rejections(), patience).toMatchObject([{ count: 2 }]);
  });
});
