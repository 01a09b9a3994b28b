import { describe, expect } from 'vitest';
import { bearer, purchase } from '../support/purchase.ts';
import { type Fields, hourMs, startMs } from '../support/service.ts';
import { test } from '../support/test.ts';

const iso = (timeMs: number) => new Date(timeMs).toISOString();

/** A purchase that the pixel stamped: its own time, and its clock at the moment of sending. */
const stamped = (atMs: number, clockMs = atMs): Fields => ({
  ...purchase,
  purchasedAt: atMs,
  clock: clockMs,
});

describe('the time of a purchase', () => {
  test.for<[string, Fields, number]>([
    ['sent at once by a right clock', { purchasedAt: startMs, clock: startMs }, startMs],
    ['sent an hour late', { purchasedAt: startMs - hourMs, clock: startMs }, startMs - hourMs],
    [
      'a clock that is ten years behind',
      { purchasedAt: '2016-01-01', clock: Date.parse('2016-01-01') + 5_000 },
      startMs - 5_000,
    ],
    ['a clock of 1970', { purchasedAt: 1_000, clock: 3_000 }, startMs - 2_000],
    ['a clock that was set right in between', { purchasedAt: 1_000, clock: startMs }, startMs],
    ['a clock that runs backwards', { purchasedAt: startMs + 48 * hourMs, clock: startMs }, startMs],
    ['a clock that is no time', { purchasedAt: startMs - hourMs, clock: 'noon' }, startMs - hourMs],
    ['a date alone', { purchasedAt: '2026-05-03' }, Date.parse('2026-05-03T00:00:00Z')],
    ['blanks around it', { purchasedAt: ' 2026-05-03\n' }, Date.parse('2026-05-03T00:00:00Z')],
    ['as Ruby writes it', { purchasedAt: '2026-05-04 10:00:00 +0200' }, Date.parse('2026-05-04T08:00:00Z')],
    ['an offset', { purchasedAt: '2026-05-04T10:00:00+02:00' }, Date.parse('2026-05-04T08:00:00Z')],
  ])('%s', async ([_name, times, expected], { acme }) => {
    expect(await acme.post({ ...purchase, ...times })).toMatchObject({ status: 201 });
    expect(await acme.rows()).toMatchObject([{ purchasedAt: iso(expected) }]);
  });
});

test('a form or a query that was not encoded has a blank for the + of an offset', async ({
  acme,
  service,
}) => {
  const sent = (orderId: string) =>
    `partnerKey=${acme.partnerKey}&serviceName=A&customerId=1&orderId=${orderId}&purchasedAt=2026-05-04T10:00:00+02:00`;
  const form = 'application/x-www-form-urlencoded';
  expect(await service.postRaw(sent('form'), form)).toMatchObject({ status: 201 });
  expect(await service.send(`/api/SaasTrackings.gif?${sent('gif')}`)).toMatchObject({ status: 200 });
  const purchasedAt = '2026-05-04T08:00:00.000Z';
  expect(await acme.rows()).toMatchObject([{ purchasedAt }, { purchasedAt }]);
});

describe('stamped purchases of one customer', () => {
  test.for<[string, Fields, Fields, number]>([
    ['an hour apart are one', stamped(startMs - hourMs, startMs), stamped(startMs), 1],
    ['an hour apart, the later one first, are one', stamped(startMs), stamped(startMs - hourMs, startMs), 1],
    [
      'just less than 24 hours apart are one',
      stamped(startMs - 24 * hourMs + 1, startMs),
      stamped(startMs),
      1,
    ],
    ['24 hours apart are two', stamped(startMs - 24 * hourMs, startMs), stamped(startMs), 2],
    ['by clocks years apart are one', stamped(startMs - 1_000, startMs), stamped(5_000, 6_000), 1],
    [
      'of another service are two',
      stamped(startMs),
      { ...stamped(startMs + 1), serviceName: 'Acme Mail' },
      2,
    ],
    ['of another customer are two', stamped(startMs), { ...stamped(startMs + 1), customerId: 'cust-2' }, 2],
    ['with an order id are two', stamped(startMs), { ...stamped(startMs + 1), orderId: '7' }, 2],
    [
      'beside one with a time of its own are two',
      stamped(startMs),
      { ...purchase, purchasedAt: startMs + 1 },
      2,
    ],
  ])('%s', async ([_name, first, second, rows], { acme }) => {
    expect(await acme.post(first)).toMatchObject({ status: 201 });
    expect(await acme.post(second)).toMatchObject({ status: rows === 1 ? 200 : 201 });
    expect(await acme.rows()).toHaveLength(rows);
  });

  test('that arrive in the same moment are one', async ({ acme }) => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => acme.post(stamped(startMs + index))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await acme.rows()).toHaveLength(1);
  });

  test('are found again a day later by the key that the first one was sent with', async ({
    acme,
    service,
  }) => {
    await acme.post(stamped(1_000, 2_000));
    service.time.now += 30 * hourMs;
    expect(await acme.post(stamped(1_000, 1_500))).toMatchObject({ status: 200 });
  });
});

test('a purchase of another provider is another purchase', async ({ acme, addProvider }) => {
  const other = await addProvider();
  await acme.post(purchase);
  expect(await other.post(purchase)).toMatchObject({ status: 201 });
  expect(await other.post(purchase, bearer(other.secret))).toMatchObject({ status: 200 });
});
