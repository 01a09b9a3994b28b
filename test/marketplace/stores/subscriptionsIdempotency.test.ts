import { describe, expect } from 'vitest';
import { breakInserts, queryDatabase } from '../support/database.ts';
import { patience } from '../support/patience.ts';
import { bearer } from '../support/purchase.ts';
import { startPurging } from '../support/purging.ts';
import { type Fields, hourMs } from '../support/service.ts';
import { postReport, startReporting, usage } from '../support/subscription.ts';
import { test } from '../support/test.ts';

const key = { 'idempotency-key': 'cust-1 2026-05' };
const weekMs = 7 * 24 * hourMs;

describe('the same key', () => {
  test('and payload replays the first answer, whatever was reported since', async ({ acme }) => {
    const first = await acme.report({}, key);
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    await acme.report({ count: 130, expired: true, 'expired-date': '2026-05-03' });
    const second = await acme.report({}, key);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await acme.reports()).toHaveLength(2);
  });

  test.for<[string, Fields]>([
    ['as texts', { expired: 'False', count: '0120.0' }],
    ['with an empty date', { 'expired-date': '' }],
    ['with unknown elements', { colour: 'red' }],
  ])('and payload, written %s, is a replay', async ([_name, elements], { acme }) => {
    const first = await acme.report({}, key);
    expect(await acme.report(elements, key)).toMatchObject({ status: 201, body: first.body });
    expect(await acme.reports()).toHaveLength(1);
  });

  test('and payload is a replay, by the partner key with the secret too', async ({ acme, service }) => {
    const first = await acme.report({}, key);
    const headers = { ...key, ...bearer(acme.secret) };
    const second = await postReport(service, { ...usage, providerkey: acme.partnerKey }, headers);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(await acme.reports()).toHaveLength(1);
  });

  test.for<[string, Fields]>([
    ['customer', { coid: 'cust-2' }],
    ['product', { sku: 'crm-pro' }],
    ['count', { count: 121 }],
    ['word on the count', { count: '' }],
    ['period', { period: '2026-04' }],
    ['word on the period', { period: '' }],
    ['end', { expired: true, 'expired-date': '2026-05-01' }],
  ])('with another %s is refused with 422', async ([_name, elements], { acme }) => {
    await acme.report({}, key);
    expect(await acme.report(elements, key)).toMatchObject({
      status: 422,
      body: { type: 'urn:onramp:problem:idempotency_key_reused' },
    });
    expect(await acme.reports()).toHaveLength(1);
  });

  test('without a period is a replay in the next month too', async ({ acme, service }) => {
    service.time.now = Date.parse('2026-05-31T23:59:59.999Z');
    const first = await acme.report({ period: '' }, key);
    service.time.now += 1;
    expect(await acme.report({ period: '' }, key)).toMatchObject({ status: 201, body: first.body });
    expect(await acme.reports()).toMatchObject([{ period: '2026-05' }]);
  });

  test('is for each provider its own', async ({ acme, addProvider }) => {
    const other = await addProvider();
    await acme.report({}, key);
    const answer = await other.report({ count: 1 }, key);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('idempotent-replayed')).toBeNull();
  });

  test('of a report that was refused is free', async ({ acme }) => {
    expect(await acme.report({ count: -1 }, key)).toMatchObject({ status: 400 });
    expect(await acme.report({}, key)).toMatchObject({ status: 201 });
  });
});

test.for<[string, number]>([
  ['', 400],
  ['k', 201],
  ['k'.repeat(255), 201],
  ['k'.repeat(256), 400],
])('the key "%s" is answered with %i', async ([idempotencyKey, status], { acme }) => {
  expect(await acme.report({}, { 'idempotency-key': idempotencyKey })).toMatchObject({ status });
  expect(await acme.reports()).toHaveLength(status === 201 ? 1 : 0);
});

test('100 reports at once with one key are one, and none is told it is stored before it is', async ({
  acme,
}) => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => acme.report({}, key)));
  const stored = answers.filter(({ status }) => status === 201);
  expect(stored.length).toBeGreaterThan(0);
  expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
  expect(new Set(stored.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(await acme.reports()).toMatchObject([{ id: stored[0]?.body.id }]);
});

test('while the first is being stored the same key is 409, and other keys are not', async () => {
  const begun = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const { report, reports } = await startReporting({
    wrapStore: (store) => ({
      ...store,
      write: async (entries) => {
        begun.resolve();
        await held.promise;
        return await store.write(entries);
      },
    }),
  });
  const first = report({}, key);
  await begun.promise;
  const second = await report({}, key);
  expect(second).toMatchObject({ status: 409, body: { type: 'urn:onramp:problem:idempotency_key_in_use' } });
  expect(second.headers.get('retry-after')).toBe('1');
  const other = report({ coid: 'cust-2' }, { 'idempotency-key': 'another' });
  held.resolve();
  expect(await first).toMatchObject({ status: 201 });
  expect(await other).toMatchObject({ status: 201 });
  const third = await report({}, key);
  expect(third.headers.get('idempotent-replayed')).toBe('true');
  expect(await reports()).toHaveLength(2);
});

describe('key and report are stored together or not at all', () => {
  test.each(['reports', 'report_keys'])('where %s cannot be written', async (table) => {
    const { report, reports, database } = await startReporting();
    const mend = await breakInserts(database, table);
    expect(await report({}, key)).toMatchObject({ status: 500 });
    expect(await reports()).toEqual([]);
    await mend();
    const answer = await report({ count: 121 }, key);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('idempotent-replayed')).toBeNull();
    expect(await reports()).toHaveLength(1);
  });

  test('and hold neither key nor secret', async () => {
    const { report, database, secret } = await startReporting();
    await report({}, { 'idempotency-key': `private-key ${secret}` });
    const tables = ['subscriptions', 'reports', 'report_keys'];
    const rows = await Promise.all(tables.map((table) => queryDatabase(database, `select * from ${table}`)));
    expect(rows.map(({ length }) => length)).toEqual([1, 1, 1]);
    const texts = rows
      .flat()
      .flatMap((row) => Object.values(row).map(String))
      .join('\n');
    expect(texts).not.toMatch(/private|os_/);
  });
});

describe('a key is remembered', () => {
  test('for 7 days, to the millisecond', async ({ acme, service }) => {
    await acme.report({}, key);
    service.time.now += weekMs;
    expect(await acme.report({ count: 121 }, key)).toMatchObject({ status: 422 });
    service.time.now += 1;
    const answer = await acme.report({ count: 121 }, key);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('idempotent-replayed')).toBeNull();
    expect(await acme.report({ count: 122 }, key)).toMatchObject({ status: 422 });
    expect(await acme.reports()).toHaveLength(2);
  });

  test('and purged then, without its report', async () => {
    const { report, time, store, database, reports } = await startReporting();
    await report({}, key);
    time.now += weekMs;
    await report({ count: 121 }, { 'idempotency-key': 'younger' });
    time.now += 1;
    const countKeys = async () => (await queryDatabase(database, 'select 1 from report_keys')).length;
    expect(await countKeys()).toBe(2);
    startPurging({ store, time });
    await expect.poll(countKeys, patience).toBe(1);
    expect(await reports()).toHaveLength(2);
  });
});
