import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { toBuckets, toPieces } from '../../../src/marketplace/figures/buckets.ts';
import { createIds } from '../../../src/marketplace/ledger/id.ts';
import { mintTestReferral } from '../../../src/marketplace/portal/testReferral.ts';
import { providerPool } from '../../../src/marketplace/store/rejections.ts';
import { type RetainedKind, retainedKinds } from '../../../src/marketplace/store/schema.ts';
import { createLedgerWriter } from '../../../src/marketplace/store/writer.ts';
import { createReplay } from '../../../src/marketplace/tracking/replay.ts';
import { dayMs, type Level } from '../../../src/wire/fields.ts';
import { expectFiguresOfRows, type Lists, readLists, whatIsGone } from '../support/figures.ts';
import { bearer, fromAcme, purchase, signed } from '../support/purchase.ts';
import { type Fields, hourMs, type Json, type Service, startMs } from '../support/service.ts';
import { test } from '../support/test.ts';

/** `npm run soak` plays two thousand. */
const plays = Number(process.env.ONRAMP_FIGURES ?? 10);

const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
const bot = { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' };

type Step =
  | { do: 'click'; whose: 'own' | 'foreign'; campaign: string; isBot: boolean }
  | { do: 'send'; by: Level; fields: Fields; click: number | undefined; isBot: boolean }
  | { do: 'mint' }
  | { do: 'forget'; customerId: string }
  | { do: 'wait'; ms: number }
  | { do: 'purge'; kinds: RetainedKind[]; keptMs: number };

const customers = ['c-1', 'c-2', 'Jose\u0301'];
const amounts = ['49.90', '0.000000001', '999999999999999.999999999', '1000000000', '12.5'];
const time = fc.integer({ min: -40 * 24 * 4, max: 3 }).map((quarters) => startMs + quarters * 900_000 + 1);
const send: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('send' as const),
  by: fc.constantFrom<Level>('unsigned', 'origin', 'signed', 'server'),
  click: fc.option(fc.nat(5), { nil: undefined }),
  isBot: fc.boolean(),
  fields: fc
    .record({
      event: fc.constantFrom('purchase', 'purchase', 'purchase', 'signup', 'visit', 'renewal', 'refund'),
      serviceName: fc.constantFrom('CRM', 'Mail'),
      customerId: fc.constantFrom(...customers),
      orderId: fc.constantFrom(undefined, 'o-1', 'o-2', 'o-3'),
      purchasedAt: time,
      money: fc.option(
        fc.record({ amount: fc.constantFrom(...amounts), currency: fc.constantFrom('EUR', 'JPY') }),
        { nil: undefined },
      ),
      referral: fc.constantFrom(
        {},
        { referral: 'made-up' },
        { referral: 'market.example', referralSource: 'referrer', landedAt: startMs - 35 * dayMs },
      ),
    })
    .map(({ money, referral, ...fields }) => ({ ...fields, ...money, ...referral })),
});
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: send },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('click' as const),
      whose: fc.constantFrom('own' as const, 'foreign' as const),
      campaign: fc.constantFrom('', 'tuesday'),
      isBot: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'mint' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(12 * hourMs) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('forget' as const), customerId: fc.constantFrom(...customers) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('purge' as const),
      kinds: fc.subarray([...retainedKinds], { minLength: 1 }),
      keptMs: fc.nat(40 * 24).map((h) => h * hourMs),
    }),
  },
);
const groupings = fc.record({
  by: fc
    .tuple(
      fc.constantFrom('', 'day', 'week', 'month'),
      fc.subarray(['service', 'listing', 'campaign', 'verdict', 'level', 'partnerKey']),
    )
    .map(([time, others]) => [time, ...others].filter(Boolean).join()),
  zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Kiritimati'),
});

const createId = createIds(Date.now);

/** Mints a referral for tests, as the provider's page does. */
async function mint({ store, time }: Pick<Service, 'store' | 'time'>, providerId: number): Promise<string> {
  const writer = createLedgerWriter(store, { maxWaiting: 10, batchesAtOnce: 1 });
  return await mintTestReferral({ store, writer, clock: () => time.now, createId }, providerId);
}

test(
  'are those of the rows, purged ones included, whatever was sent, merged, refunded and forgotten',
  async ({ service, addProvider }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(steps, { minLength: 5, maxLength: 40 }),
        fc.array(groupings, { minLength: 3, maxLength: 3 }),
        async (play, asked) => {
          service.time.now = startMs;
          const [acme, other] = [await addProvider(), await addProvider()];
          await acme.addListing(`crm-${acme.partnerKey}`);
          await other.addListing(`crm-${other.partnerKey}`);
          const provider = await service.store.findProvider(acme.partnerKey);
          const referrals: string[] = [];
          const gone: Lists[] = [];
          for (const step of play) {
            const { time } = service;
            if (step.do === 'wait') time.now += step.ms;
            else if (step.do === 'mint') referrals.push(await mint(service, provider?.id ?? 0));
            else if (step.do === 'purge') {
              const before = await readLists(acme);
              for (const kind of step.kinds) await service.store.purge(kind, time.now - step.keptMs);
              gone.push(whatIsGone(before, await readLists(acme)));
            } else if (step.do === 'forget') {
              await service.store.forgetCustomers({
                providerId: provider?.id ?? 0,
                partnerKey: acme.partnerKey,
                customerIds: [step.customerId],
                forgottenAt: time.now,
              });
            } else if (step.do === 'click') {
              const { partnerKey } = step.whose === 'own' ? acme : other;
              const path = `/go/crm-${partnerKey}?campaign=${step.campaign}`;
              const { headers } = await service.send(path, { headers: step.isBot ? bot : browser });
              referrals.push(new URL(headers.get('location') ?? '').searchParams.get('onramp_ref') ?? '');
            } else {
              const referral = step.click === undefined ? undefined : referrals[step.click];
              const fields: Fields = {
                ...purchase,
                ...step.fields,
                partnerKey: acme.partnerKey,
                ...(referral && { referral, referralSource: 'param' }),
              };
              if (fields.event === 'visit')
                Object.assign(fields, { customerId: undefined, landedAt: time.now });
              const agent = step.isBot ? bot : browser;
              if (step.by === 'server') await acme.post(fields, { ...agent, ...bearer(acme.secret) });
              else if (step.by === 'signed') await acme.post(signed(fields, acme, time.now), agent);
              else await acme.post(fields, { ...agent, ...(step.by === 'origin' && fromAcme) });
            }
          }
          for (const question of asked) await expectFiguresOfRows(acme, question, gone);
        },
      ),
      { numRuns: plays },
    );
  },
  60_000 + plays * 2_000,
);

describe('figures', () => {
  test('of two providers are theirs alone', async ({ service, addProvider }) => {
    const [acme, other] = [await addProvider(), await addProvider()];
    await acme.post({ ...purchase, amount: '10', currency: 'EUR' });
    const { body } = await other.page('/api/figures');
    expect(body.items).toMatchObject([{ purchases: 0, money: [] }]);
    const { status } = await other.page(`/api/figures?partnerKey=${acme.partnerKey}`);
    expect(status).toBe(400);
    expect((await service.send('/api/figures')).status).toBe(401);
  });

  test.for([
    ['day', 'Asia/Kathmandu'],
    ['week', 'America/St_Johns'],
    ['month', 'Europe/Berlin'],
  ] as const)(
    'of all providers are those of each, by the %ss of %s',
    async ([by, zone], { service, addProvider }) => {
      const both = [await addProvider(), await addProvider()];
      const times = Array.from({ length: 40 }, (_, index) => startMs - index ** 2 * 3 * 900_000);
      for (const { post } of both) {
        await Promise.all(
          times.map((purchasedAt, orderId) =>
            post({ ...purchase, orderId, purchasedAt, amount: orderId, currency: 'EUR' }),
          ),
        );
      }
      const period = { start: startMs - 40 * dayMs, end: startMs + hourMs };
      // Without some of them, so that there are gaps.
      const buckets = toBuckets(period, by, zone).filter((_, index) => index % 3 !== 1);
      const pieces = buckets.flatMap((bucket, index) => toPieces(bucket, index));
      const sum = async (providerId?: number) =>
        (await service.store.sumFigures({ pieces, by: ['partnerKey'], providerId }))
          .filter(({ partnerKey }) => both.some((each) => each.partnerKey === partnerKey))
          .map((each) => JSON.stringify({ ...each, money: String(each.money) }));
      const ofEach = await Promise.all(
        both.map(async ({ partnerKey }) => await sum((await service.store.findProvider(partnerKey))?.id)),
      );
      expect(ofEach.flat().length).toBeGreaterThan(2);
      expect((await sum()).sort()).toEqual(ofEach.flat().sort());
    },
  );

  test('of days are by the midnights of the zone', async ({ acme }) => {
    for (const [orderId, purchasedAt] of [
      ['o-1', '2026-03-28T22:59:59Z'],
      ['o-2', '2026-03-28T23:00:00Z'],
      ['o-3', '2026-03-29T21:59:59Z'],
      ['o-4', '2026-03-29T22:00:00Z'],
    ]) {
      await acme.post({ ...purchase, orderId, purchasedAt });
    }
    const days = async (query: string) => {
      const { body } = await acme.page(`/api/figures?by=day${query}`);
      return (body.items as Json[]).map(({ day, purchases }) => `${day}: ${purchases}`);
    };
    // Its clocks are put forward on that day, which has 23 hours.
    expect(await days('&zone=Europe/Berlin')).toEqual(['2026-03-28: 1', '2026-03-29: 2', '2026-03-30: 1']);
    expect(await days('&zone=Europe/Berlin&from=2026-03-29&to=2026-03-30')).toEqual(['2026-03-29: 2']);
    expect(await days('')).toEqual(['2026-03-28: 2', '2026-03-29: 2']);
  });

  test('of groups without anything aren’t there, a refunded bot’s purchase included', async ({ acme }) => {
    const order = { ...purchase, orderId: 'o-1', amount: '100', currency: 'EUR' };
    await acme.post(order, bot);
    const refund = { ...order, event: 'refund', purchasedAt: '2026-05-04T11:00:00Z' };
    await acme.post(refund, bearer(acme.secret));
    const { items } = (await acme.page('/api/figures?by=level&from=2026-05-04T11:00:00Z')).body;
    expect(items).toEqual([]);
  });

  test('say which quarters of hours they are of', async ({ acme }) => {
    const { body } = await acme.page('/api/figures?from=2026-05-04T10:01:00Z&to=2026-05-04T10:46:00Z');
    expect(body).toMatchObject({ from: '2026-05-04T10:00:00.000Z', to: '2026-05-04T11:00:00.000Z' });
  });

  test.for([
    ['by=year', 'by must be of day, week, month'],
    ['by=day,month', 'by must have one of day, week, month at most'],
    ['zone=Mars/Base', 'zone must be the name of a time zone'],
    ['customerId=c-1', 'customerId is not a parameter here'],
  ])('asked by %s are refused with what to write', async ([query, detail], { acme }) => {
    const { status, body } = await acme.page(`/api/figures?${query}`);
    expect(status).toBe(400);
    expect(body.detail).toContain(detail);
  });

  test('count what was replayed', async ({ acme, service }) => {
    await service.store.changeProvider(acme.partnerKey, { minimumLevel: 'signed' });
    service.time.now += 1_000;
    await acme.post({ ...purchase, amount: '10', currency: 'EUR' });
    await service.store.changeProvider(acme.partnerKey, { minimumLevel: 'unsigned' });
    const replay = createReplay({ store: service.store, createId, clock: () => service.time.now });
    const rejections = await service.store.listRejections({ pool: providerPool(acme.partnerKey), limit: 10 });
    for (const rejection of rejections) await replay(rejection);
    expect((await acme.page('/api/figures')).body.items).toMatchObject([
      { purchases: 1, money: [{ currency: 'EUR', gross: '10' }] },
    ]);
  });

  test('count no test as a sale, and uncount no sale as a test', async ({ acme, addProvider, service }) => {
    const other = await addProvider();
    const provider = await service.store.findProvider(acme.partnerKey);
    await acme.post({ ...purchase, orderId: 'sold before' });
    service.time.now += 1_000;
    const referral = await mint(service, provider?.id ?? 0);
    service.time.now += 1_000;
    const tested = { ...purchase, referral, referralSource: 'param', landedAt: service.time.now };
    await acme.post({ ...tested, orderId: 'sold before' });
    await acme.post({ ...tested, orderId: 'tested' });
    await acme.post({ ...tested, orderId: 'tested' }, bearer(acme.secret));
    await other.post({ ...tested, orderId: "another provider's" });
    // Who says that it is a test has to have a referral for tests.
    await acme.post({ ...purchase, orderId: 'called a test', test: true });
    service.time.now += hourMs;
    await acme.post({ ...tested, orderId: 'after the hour' });
    const { body } = await acme.page('/api/figures');
    expect(body.items).toMatchObject([{ purchases: 3, clicks: 0, tests: 2 }]);
    expect((await acme.rows('?test=true')).map(({ orderId }) => orderId)).toEqual(['tested']);
    expect((await other.page('/api/figures')).body.items).toMatchObject([{ purchases: 1, tests: 0 }]);
    await expectFiguresOfRows(acme, { by: 'verdict' });
  });

  test('of many days have no item of a day on which nothing was', async ({ acme }) => {
    // By UTC all are of that day, in Kolkata of the next: each second day has one service, and nothing of the other.
    const evening = Date.parse('2025-08-01T20:00:00Z');
    const sent = Array.from({ length: 200 }, (_, day) => ({
      ...purchase,
      orderId: `o-${day}`,
      serviceName: day % 2 === 0 ? 'CRM' : 'Mail',
      purchasedAt: evening + day * dayMs,
    }));
    await Promise.all(sent.map((message) => acme.post(message)));
    const { body } = await acme.page('/api/figures?by=day,service&zone=Asia/Kolkata');
    const items = body.items as Json[];
    expect(items.map(({ purchases }) => purchases)).toEqual(sent.map(() => 1));
  });

  test('lose a refund with the customer that it named, while the payment of another stays', async ({
    acme,
    service,
  }) => {
    const order = { ...purchase, orderId: 'o-1', amount: '100', currency: 'EUR' };
    await acme.post({ ...order, customerId: 'c-1' }, bearer(acme.secret));
    await acme.post({ ...order, customerId: 'c-2', event: 'refund', amount: '30' }, bearer(acme.secret));
    const money = async () => (await acme.page('/api/figures')).body.items;
    expect(await money()).toMatchObject([{ purchases: 1, money: [{ gross: '100', refunded: '30' }] }]);
    const provider = await service.store.findProvider(acme.partnerKey);
    await service.store.forgetCustomers({
      providerId: provider?.id ?? 0,
      partnerKey: acme.partnerKey,
      customerIds: ['c-2'],
      forgottenAt: service.time.now,
    });
    expect(await money()).toMatchObject([{ purchases: 1, money: [{ gross: '100', refunded: '0' }] }]);
  });

  test('have a refund at its own time, and take it off again with the order', async ({ acme, service }) => {
    const order = { ...purchase, orderId: 'o-1', customerId: 'c-9', currency: 'EUR' };
    await acme.post({ ...order, amount: '100', purchasedAt: '2026-03-31T10:00:00Z' });
    const refund = { ...order, event: 'refund', amount: '30.5', purchasedAt: '2026-04-02T10:00:00Z' };
    await acme.post(refund, bearer(acme.secret));
    const months = async () => (await acme.page('/api/figures?by=month')).body.items;
    expect(await months()).toMatchObject([
      { month: '2026-03', purchases: 1, money: [{ gross: '100', refunded: '0', net: '100', believed: '0' }] },
      { month: '2026-04', purchases: 0, money: [{ gross: '0', refunded: '30.5', net: '-30.5' }] },
    ]);
    const provider = await service.store.findProvider(acme.partnerKey);
    const { partnerKey } = acme;
    const forgotten = { customerIds: ['c-9'], forgottenAt: service.time.now };
    await service.store.forgetCustomers({ providerId: provider?.id ?? 0, partnerKey, ...forgotten });
    expect(await months()).toEqual([]);
  });
});
