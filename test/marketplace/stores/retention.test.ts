import { describe, expect, test } from 'vitest';
import { createIds } from '../../../src/marketplace/ledger/id.ts';
import { createKnownTime, warnOfClockBehind } from '../../../src/marketplace/ledger/knownTime.ts';
import { defaultLimits } from '../../../src/marketplace/limits/limits.ts';
import { providerPool } from '../../../src/marketplace/store/rejections.ts';
import { trackingEntry } from '../../../src/marketplace/tracking/entry.ts';
import { checkMessage } from '../../../src/marketplace/tracking/message.ts';
import { createReplay } from '../../../src/marketplace/tracking/replay.ts';
import type { Level } from '../../../src/wire/fields.ts';
import { queryDatabase } from '../support/database.ts';
import { patience } from '../support/patience.ts';
import { bearer, purchase, purchaseEntry } from '../support/purchase.ts';
import { startPurging } from '../support/purging.ts';
import { hourMs, type Json, type Provider, type Service, startMs, startService } from '../support/service.ts';

const dayMs = 24 * hourMs;

const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };

/** The store, and how often all of it has been purged that has no retention of its own. */
function countPurges({ store }: Service) {
  let count = 0;
  const purgeAudit = async (before: number) => {
    const purged = await store.purgeAudit(before);
    count++;
    return purged;
  };
  return { store: { ...store, purgeAudit }, purges: () => count };
}

/** What the figures are, by all that tells them apart. */
async function readAllFigures({ page }: Provider) {
  const groupings = ['', 'day,listing,campaign', 'month,service,verdict,level', 'day&zone=Asia/Kathmandu'];
  const answers = await Promise.all(groupings.map((by) => page(`/api/figures?by=${by}`)));
  expect(answers.map(({ status }) => status)).toEqual(groupings.map(() => 200));
  return answers.map(({ body }) => body.items);
}

describe('the retention', () => {
  test('deletes what is older of the kinds that it is set for, and leaves the figures', async () => {
    const service = await startService();
    const acme = await service.addProvider();
    await acme.addListing('acme');
    const act = async (orderId: string) => {
      const { headers } = await service.send('/go/acme?campaign=tuesday', { headers: browser });
      const referral = new URL(headers.get('location') ?? '').searchParams.get('onramp_ref') ?? '';
      const came = { referral, referralSource: 'param', landedAt: service.time.now };
      await acme.post({ partnerKey: 'pk_acme', event: 'visit', ...came });
      const bought = { ...purchase, ...came, orderId, amount: '49.90', currency: 'EUR' };
      await acme.post(bought, bearer(acme.secret));
      await acme.post({ ...bought, event: 'refund', amount: '9.90' }, bearer(acme.secret));
      await acme.post({ ...bought, event: 'signup', customerId: orderId });
      await acme.post({ ...bought, event: 'renewal', orderId: `${orderId} again` }, bearer(acme.secret));
      await service.send('/go/acme', { headers: { 'user-agent': 'Googlebot/2.1' } });
    };
    await act('old');
    service.time.now += 24 * hourMs;
    await act('young');
    service.time.now += 6 * 24 * hourMs + 1;
    const counts = async () => {
      const rows = await acme.rows();
      const visits = rows.filter(({ event }) => event === 'visit').length;
      return { purchases: rows.length - visits, visits, clicks: (await acme.clicks()).length };
    };
    const figures = await readAllFigures(acme);
    expect(figures[0]).toMatchObject([{ clicks: 2, visits: 2, purchases: 2, money: [{ refunded: '19.8' }] }]);

    const { store, purges } = countPurges(service);
    startPurging(service, { store });
    await expect.poll(purges, patience).toBe(1);
    expect(await counts()).toEqual({ purchases: 8, visits: 2, clicks: 4 });

    startPurging(service, { retention: { visits: 7 * dayMs, clicks: 3 * dayMs } });
    await expect.poll(counts, patience).toEqual({ purchases: 8, visits: 1, clicks: 0 });
    expect(await readAllFigures(acme)).toEqual(figures);

    startPurging(service, { retention: { purchases: 7 * dayMs } });
    await expect.poll(counts, patience).toEqual({ purchases: 4, visits: 1, clicks: 0 });
    expect((await acme.rows('?event=purchase')).map(({ orderId }) => orderId)).toEqual(['young']);
    expect(await readAllFigures(acme)).toEqual(figures);
  });

  test('refuses a late copy of what it deleted, and of nothing else', async () => {
    // Budgets hold for a minute after a clock was set back.
    const service = await startService({ limits: { ...defaultLimits, perKey: 0 } });
    const [acme, other] = [
      await service.addProvider(),
      await service.addProvider({ partnerKey: 'pk_other' }),
    ];
    const bought = { ...purchase, amount: '10', currency: 'EUR' };
    await acme.post({ ...bought, orderId: 'gone' });
    service.time.now += 2 * dayMs;
    await acme.post({ ...bought, orderId: 'came later' });
    expect(await service.store.purge('purchases', startMs + dayMs)).toBe(1);
    const figures = await readAllFigures(acme);

    // By its secret or not, and where it isn't known whether it was there.
    for (const orderId of ['gone', 'never seen']) {
      expect(await acme.post({ ...bought, orderId }, bearer(acme.secret))).toMatchObject({
        status: 400,
        body: {
          type: 'urn:onramp:problem:beyond_retention',
          errors: [{ pointer: '/purchasedAt', code: 'beyond_retention' }],
        },
      });
    }
    expect(await acme.post({ ...bought, orderId: 'came later' })).toMatchObject({ status: 200 });
    expect(await readAllFigures(acme)).toEqual(figures);
    expect(await other.post({ ...bought, orderId: 'gone' })).toMatchObject({ status: 201 });

    const replay = createReplay({
      store: service.store,
      createId: createIds(() => service.time.now),
      clock: () => service.time.now,
    });
    const [refused] = await service.store.listRejections({ pool: providerPool('pk_acme'), limit: 1 });
    expect(refused && (await replay(refused))).toMatchObject({
      result: 'refused',
      reason: 'beyond_retention',
    });
    const young = { ...bought, purchasedAt: startMs + dayMs };
    expect(await acme.post({ ...young, orderId: 'young' })).toMatchObject({ status: 201 });
    // A clock that is behind what was deleted costs no purchase whose time the service itself has reckoned by it.
    service.time.now = startMs;
    const stamped = { ...bought, customerId: 'cust-2', clock: service.time.now };
    expect(await acme.post({ ...stamped, purchasedAt: startMs - 13 * hourMs })).toMatchObject({
      status: 201,
    });
  });

  test('leaves an order’s payment as long as a refund of it stays, and a refund as long as its payment', async () => {
    const service = await startService();
    const acme = await service.addProvider();
    const order = { ...purchase, orderId: 'o-1', amount: '100', currency: 'EUR' };
    const refund = (amount: string) =>
      acme.post({ ...order, event: 'refund', amount, purchasedAt: service.time.now }, bearer(acme.secret));
    await refund('5');
    service.time.now += dayMs;
    await acme.post({ ...order, purchasedAt: service.time.now }, bearer(acme.secret));
    service.time.now += dayMs;
    await refund('30');
    expect(await service.store.purge('purchases', startMs + 2 * dayMs)).toBe(0);
    service.time.now += dayMs;
    await refund('40');
    const money = async () => (await acme.page('/api/figures')).body.items;
    expect(await money()).toMatchObject([{ purchases: 1, money: [{ gross: '100', refunded: '40' }] }]);
    expect(await service.store.purge('purchases', service.time.now + 1)).toBe(4);
    await refund('50');
    expect(await money()).toMatchObject([{ purchases: 1, money: [{ gross: '100', refunded: '40' }] }]);
  });

  test('of quarters of hours leaves days and months by UTC', async () => {
    const service = await startService();
    const acme = await service.addProvider();
    await acme.post({ ...purchase, purchasedAt: '2026-03-28T23:30:00Z' });
    const figures = async (query: string) => (await acme.page(`/api/figures?${query}`)).body.items as Json[];
    const days = async () => (await figures('by=day&zone=Europe/Berlin')).map(({ day }) => day);
    expect(await service.store.purgeQuarters(Date.parse('2026-03-28T23:30:00Z'))).toBe(0);
    expect(await days()).toEqual(['2026-03-29']);
    expect(await service.store.purgeQuarters(Date.parse('2026-03-28T23:45:00Z'))).toBeGreaterThan(0);
    expect(await days()).toEqual(['2026-03-28']);
    expect(await figures('by=month')).toMatchObject([{ month: '2026-03', purchases: 1 }]);
  });

  test('counts from when it happened, by the strongest copy, where somebody had guessed its order before', async () => {
    const service = await startService();
    const acme = await service.addProvider();
    const { id: providerId = 0 } = (await service.store.findProvider(acme.partnerKey)) ?? {};
    const createId = createIds(() => service.time.now);
    /** Writes purchases of that moment, which come by that level, as messages do. */
    const buy = (orderIds: readonly string[], carrier: Level) => {
      const receivedAt = service.time.now;
      const from = {
        providerId,
        via: 'post',
        receivedAt,
        carrier,
        signedAt: undefined,
        isBot: false,
      } as const;
      const entries = orderIds.map((orderId) => {
        const { message } = checkMessage({ ...purchase, orderId, purchasedAt: receivedAt }, receivedAt);
        return trackingEntry({ id: createId(), message, ignored: {}, ...from });
      });
      return service.store.write(entries);
    };
    // So many that what is kept is more than what is looked at in one go.
    const orderIds = Array.from({ length: 600 }, (_, index) => `guessed-${index}`);
    await buy([...orderIds, 'old'], 'unsigned');
    service.time.now += 20 * dayMs;
    await buy(orderIds, 'server');
    expect(await service.store.purge('purchases', startMs + 10 * dayMs)).toBe(1);
    expect(await acme.rows('?limit=1000')).toHaveLength(600);
    expect(await service.store.purge('purchases', startMs + 20 * dayMs + 1)).toBe(600);
  });

  test('deletes more than is deleted at once', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    const provider = await service.store.findProvider('pk_acme');
    const entries = Array.from({ length: 1_200 }, (_, index) =>
      purchaseEntry(provider?.id ?? 0, `${index}`, startMs),
    );
    await service.store.write(entries);
    expect(await service.store.purge('purchases', startMs)).toBe(0);
    expect(await service.store.purge('purchases', startMs + 1)).toBe(1_200);
    expect(await service.list('/api/SaasTrackings', secret)).toEqual([]);
  });
});

describe('a clock that is wrong', () => {
  /** One of each that gets old: a purchase, a refusal, an Idempotency-Key. */
  async function fill(service: Service) {
    const acme = await service.addProvider();
    const act = async (orderId: string) => {
      await acme.post({ ...purchase, orderId });
      await acme.post({ ...purchase, customerId: '', orderId });
      await acme.report({}, { 'idempotency-key': orderId });
    };
    await act('right');
    const counts = async () => {
      const [keys] = await queryDatabase(service.database, 'select count(*) as count from report_keys');
      return [(await acme.rows()).length, (await acme.rejections()).length, Number(keys?.count)];
    };
    return { act, counts };
  }

  /** Purges as a process does that started with that ledger; resolves when it has done so once. */
  async function purgeOnce(service: Service, ledgerTime: number | undefined, runsForMs = 0): Promise<void> {
    const stopwatches = [0, runsForMs];
    const stopwatch = () => stopwatches.shift() ?? runsForMs;
    const { earliest: knownTime } = createKnownTime({
      clock: () => service.time.now,
      stopwatch,
      ledgerTime,
    });
    const { store, purges } = countPurges(service);
    startPurging(service, { store, knownTime, retention: { purchases: 30 * dayMs } });
    await expect.poll(purges, patience).toBe(1);
  }

  test('400 days ahead for one start deletes nothing, then and later, whatever arrives meanwhile', async () => {
    const service = await startService();
    const { act, counts } = await fill(service);
    service.time.now += 400 * dayMs;
    const ledgerTime = await service.store.findNewestTime();
    expect(ledgerTime).toBe(startMs);
    await act('wrong');
    await purgeOnce(service, ledgerTime);
    expect(await counts()).toEqual([2, 2, 2]);

    service.time.now = startMs + dayMs;
    await purgeOnce(service, await service.store.findNewestTime());
    expect(await counts()).toEqual([2, 2, 2]);
  });

  test('or set ahead while the service runs: as far as time has passed, it is believed', async () => {
    const service = await startService();
    const { counts } = await fill(service);
    const ledgerTime = await service.store.findNewestTime();
    service.time.now += 400 * dayMs;
    await purgeOnce(service, ledgerTime, 29 * dayMs);
    expect(await counts()).toEqual([1, 1, 0]);
    await purgeOnce(service, ledgerTime, 31 * dayMs);
    await expect.poll(counts, patience).toEqual([0, 0, 0]);
  });

  test('is passed on by a stopwatch that counts parts of milliseconds, which no database takes', async () => {
    const service = await startService();
    const { counts } = await fill(service);
    service.time.now += 400 * dayMs;
    await purgeOnce(service, startMs, 31 * dayMs + 0.4);
    await expect.poll(counts, patience).toEqual([0, 0, 0]);
  });

  test('ahead refuses no signature for good that is young by what was there before', async () => {
    const time = { now: startMs + 400 * dayMs };
    const knownTime = createKnownTime({ clock: () => time.now, stopwatch: () => 0, ledgerTime: startMs });
    const service = await startService({ knownTime });
    const acme = await service.addProvider();
    service.time.now = time.now;
    const message = acme.sign({ ...purchase, orderId: 'signed' }, startMs);
    expect(await acme.post(message)).toMatchObject({
      status: 503,
      body: { type: 'urn:onramp:problem:wrong_clock', detail: expect.stringContaining('older than 9 days') },
    });
    expect(await acme.post(acme.sign(purchase, startMs - 10 * dayMs))).toMatchObject({ status: 401 });
    service.time.now = startMs + dayMs;
    expect(await acme.post(message)).toMatchObject({ status: 201 });
  });

  test('behind refuses no purchase whose time is right by what was there before', async () => {
    const time = { now: startMs - 2 * dayMs };
    const knownTime = createKnownTime({ clock: () => time.now, stopwatch: () => 0, ledgerTime: startMs });
    const service = await startService({ knownTime });
    const acme = await service.addProvider();
    service.time.now = time.now;
    const bought = (atMs: number) =>
      acme.post({ ...purchase, orderId: atMs, purchasedAt: atMs }, bearer(acme.secret));
    expect(await bought(startMs + hourMs)).toMatchObject({ status: 201 });
    expect(await bought(startMs + dayMs + 1)).toMatchObject({ status: 400 });
  });

  test('behind the ledger is told, where it is more than instances differ', async () => {
    const service = await startService();
    await fill(service);
    const ledgerTime = await service.store.findNewestTime();
    const said: unknown[] = [];
    const log = { warn: (fields: unknown) => said.push(fields) };
    warnOfClockBehind(log, { clock: () => startMs - dayMs, ledgerTime });
    expect(said).toEqual([]);
    warnOfClockBehind(log, { clock: () => startMs - dayMs - 1, ledgerTime });
    expect(said).toEqual([{ newest: new Date(startMs).toISOString() }]);
  });

  test('nothing tells by an empty ledger', async () => {
    const { store } = await startService();
    expect(await store.findNewestTime()).toBeUndefined();
  });
});
