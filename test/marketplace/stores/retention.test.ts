import { describe, expect, test } from 'vitest';
import { createIds } from '../../../src/marketplace/ledger/id.ts';
import { createKnownTime, warnOfClockBehind } from '../../../src/marketplace/ledger/knownTime.ts';
import { trackingEntry } from '../../../src/marketplace/tracking/entry.ts';
import { checkMessage } from '../../../src/marketplace/tracking/message.ts';
import type { Level } from '../../../src/wire/fields.ts';
import { queryDatabase } from '../support/database.ts';
import { patience } from '../support/patience.ts';
import { bearer, purchase, purchaseEntry } from '../support/purchase.ts';
import { startPurging } from '../support/purging.ts';
import { hourMs, type Service, startMs, startService } from '../support/service.ts';

const dayMs = 24 * hourMs;

describe('the retention', () => {
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
    const counts = async () =>
      await Promise.all(
        ['/api/SaasTrackings', '/api/clicks'].map(async (path) => (await service.list(path, secret)).length),
      );

    let purges = 0;
    const purgeOrders = async (before: number) => {
      purges++;
      return await service.store.purgeOrders(before);
    };
    startPurging(service, { store: { ...service.store, purgeOrders } });
    await expect.poll(() => purges, patience).toBe(1);
    expect(await counts()).toEqual([4, 2]);

    startPurging(service, { retentionMs: 7 * dayMs });
    await expect.poll(counts, patience).toEqual([2, 1]);
    expect(await service.list('/api/SaasTrackings?event=purchase', secret)).toMatchObject([
      { orderId: 'young' },
    ]);
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
    expect(await service.store.purgeTrackings(startMs + 10 * dayMs)).toBe(1);
    expect(await acme.rows('?limit=1000')).toHaveLength(600);
    expect(await service.store.purgeTrackings(startMs + 20 * dayMs + 1)).toBe(600);
  });

  test('deletes more than is deleted at once', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    const provider = await service.store.findProvider('pk_acme');
    const entries = Array.from({ length: 1_200 }, (_, index) =>
      purchaseEntry(provider?.id ?? 0, `${index}`, startMs),
    );
    await service.store.write(entries);
    expect(await service.store.purgeTrackings(startMs)).toBe(0);
    expect(await service.store.purgeTrackings(startMs + 1)).toBe(1_200);
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
    let purges = 0;
    const purgeOrders = async (before: number) => {
      const purged = await service.store.purgeOrders(before);
      purges++;
      return purged;
    };
    startPurging(service, { store: { ...service.store, purgeOrders }, knownTime, retentionMs: 30 * dayMs });
    await expect.poll(() => purges, patience).toBe(1);
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
