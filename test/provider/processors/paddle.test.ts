import { createHmac } from 'node:crypto';
import { Paddle } from '@paddle/paddle-node-sdk';
import { describe, expect, test } from 'vitest';
import { fromPaddle, toMetadata } from '../../../src/provider/paddle.ts';
import { readGuideEvents } from './support/guideEvents.ts';
import { summarize } from './support/ledger.ts';
import { createPaddleAccount, customer, type PaddleJson } from './support/paddleAccount.ts';
import { mapPaddle } from './support/paddleLife.ts';

const referral = { id: 'Zk3vQmX0aB1cD2eF3gH4iJ', source: 'param', landedAt: 1_777_800_000_000 } as const;
const customData = toMetadata({ customerId: '42', referral });
const serviceName = 'Acme CRM';
const party = { serviceName, customerId: '42' };
const dayMs = 86_400_000;

type Account = ReturnType<typeof createPaddleAccount>;

const mapAll = (account: Account) => mapPaddle(account, account.events).flatMap(({ calls }) => calls);

describe('a transaction', () => {
  test('of a checkout is the purchase, at the time of its payment', () => {
    const account = createPaddleAccount(customData);
    const { id } = account.subscribe(4990);
    const purchasedAt = Date.parse('2026-05-04T12:00:00Z');
    expect(mapAll(account)).toEqual([
      {
        call: 'trackPurchase',
        fields: { ...party, purchasedAt, referral, orderId: id, amount: '49.90', currency: 'EUR' },
      },
    ]);
  });

  test('over nothing is the signup, as the trial that it begins', () => {
    const account = createPaddleAccount(customData);
    account.subscribe(4990, 14);
    const calls = mapAll(account);
    expect(calls).toMatchObject(Array(2).fill({ call: 'trackSignup', fields: { ...party, referral } }));
    account.charge(0, 'subscription_update');
    expect(mapAll(account)).toEqual(calls);
  });

  test('that the subscription charges is a renewal, unless it is the first that costs something', () => {
    const account = createPaddleAccount(customData);
    account.subscribe(4990, 14);
    account.time.now += 14 * dayMs;
    account.charge(4990);
    account.time.now += dayMs;
    account.charge(1000, 'subscription_update');
    const paid = account.events.slice(2);
    const callsOf = (more: (event: PaddleJson) => object) =>
      paid.flatMap((event) =>
        fromPaddle(event, { serviceName, ...more(event) }).calls.map(({ call }) => call),
      );
    expect(callsOf(account.readMore)).toEqual(['trackPurchase', 'trackRenewal']);
    expect(callsOf(() => ({}))).toEqual(['trackRenewal', 'trackRenewal']);
  });

  test('without custom data is the one of Paddle’s customer', () => {
    const account = createPaddleAccount(null);
    account.subscribe(4990);
    expect(mapAll(account)).toMatchObject([{ fields: { customerId: customer } }]);
  });

  test.each([
    ['JPY', 1999, '1999'],
    ['KWD', 1990, '1.990'],
  ])('in %s has the right amount', (currency, minor, amount) => {
    const account = createPaddleAccount(customData, currency);
    account.subscribe(minor);
    expect(mapAll(account)).toMatchObject([{ fields: { amount, currency } }]);
  });

  test('that cannot be read is left out, with the reason', () => {
    const account = createPaddleAccount(customData, '???');
    account.subscribe(4990);
    const [event] = account.events;
    expect(event && fromPaddle(event, { serviceName }).leftOut).toMatch(
      /^transaction\.completed: .*currency/,
    );
  });
});

describe('an adjustment', () => {
  function start() {
    const account = createPaddleAccount(customData);
    const transaction = account.subscribe(4990);
    account.time.now += dayMs;
    return { account, transaction };
  }

  const refundedOf = (account: Account) => summarize(mapAll(account)).refunded;

  test('counts when Paddle has approved it, as the total so far', () => {
    const { account, transaction } = start();
    const first = account.adjust(transaction, 'refund', 1000, 'pending_approval');
    expect(refundedOf(account)).toBe(0);
    account.time.now += dayMs;
    account.settle(first, 'approved');
    expect(refundedOf(account)).toBe(10);
    account.time.now += dayMs;
    account.adjust(transaction, 'refund', 2000, 'approved');
    expect(refundedOf(account)).toBe(30);
    account.time.now += dayMs;
    account.settle(account.adjust(transaction, 'refund', 500, 'pending_approval'), 'rejected');
    account.adjust(transaction, 'credit', 500, 'approved');
    account.adjust(transaction, 'chargeback_warning', 1490, 'approved');
    expect(refundedOf(account)).toBe(30);
    expect(mapAll(account).at(-1)?.fields).toMatchObject({
      ...party,
      orderId: transaction.id,
      currency: 'EUR',
    });
  });

  test.each([
    ['by another adjustment', true, false],
    ['by its status', false, true],
    ['by both', true, true],
  ])(
    'that is a chargeback counts until it is reversed, %s',
    (_name, isReversedByAnother, isReversedByStatus) => {
      const { account, transaction } = start();
      const chargeback = account.adjust(transaction, 'chargeback', 4990, 'approved');
      expect(refundedOf(account)).toBe(49.9);
      account.time.now += dayMs;
      if (isReversedByStatus) account.settle(chargeback, 'reversed');
      if (isReversedByAnother) account.adjust(transaction, 'chargeback_reverse', 4990, 'approved');
      expect(refundedOf(account)).toBe(0);
    },
  );

  test('asks for the payment, since it names neither the customer nor the total', () => {
    const { account, transaction } = start();
    account.adjust(transaction, 'refund', 1000, 'approved');
    const event = account.events.at(-1) ?? {};
    expect(fromPaddle(event, { serviceName })).toEqual({
      calls: [],
      leftOut: "adjustment.created: the event doesn't tell the whole payment, give it as options.payment.",
    });
    const another = { transaction: { ...transaction, id: 'txn_other' }, adjustments: [] };
    expect(fromPaddle(event, { serviceName, payment: another }).leftOut).toContain('another one');
  });
});

test('every event that the guide subscribes to is known', async () => {
  const types = await readGuideEvents('paddle');
  expect(types).toContain('adjustment.updated');
  for (const event_type of types) {
    const event = { event_type, occurred_at: '2026-05-04T12:00:00.000000Z', data: {} };
    expect(fromPaddle(event, { serviceName }).leftOut).not.toContain('says nothing');
  }
});

test('what says nothing of an order is left out, and what is no event throws', () => {
  const event = { event_type: 'customer.created', occurred_at: '2026-05-04T12:00:00.000000Z', data: {} };
  expect(fromPaddle(event, { serviceName }).leftOut).toBe('customer.created: says nothing of an order.');
  expect(() => fromPaddle({}, { serviceName })).toThrow('unmarshal');
  expect(() => fromPaddle(event, { serviceName: '' })).toThrow('serviceName');
});

test('an event is verified by Paddle’s library, and mapped from what it returns as from the JSON', async () => {
  const account = createPaddleAccount(customData);
  const transaction = account.subscribe(4990, 14);
  account.time.now += 14 * dayMs;
  account.charge(4990);
  account.adjust(transaction, 'chargeback', 1000, 'approved');
  const paddle = new Paddle('pdl_test_none');
  const secret = 'pdl_ntfset_test';
  for (const event of account.events) {
    const body = JSON.stringify(event);
    const seconds = Math.floor(Date.now() / 1000);
    const mac = createHmac('sha256', secret).update(`${seconds}:${body}`).digest('hex');
    const verified = await paddle.webhooks.unmarshal(body, secret, `ts=${seconds};h1=${mac}`);
    const options = { serviceName, ...account.readMore(event) };
    expect(fromPaddle(verified, options)).toEqual(fromPaddle(event, options));
    await expect(paddle.webhooks.unmarshal(`${body} `, secret, `ts=${seconds};h1=${mac}`)).rejects.toThrow();
  }
});
