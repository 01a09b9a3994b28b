import { describe, expect, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { createDatabase, queryDatabase } from '../support/database.ts';
import { expectFiguresOfRows } from '../support/figures.ts';
import { purchase as anyPurchase, bearer, purchaseEntry, signed } from '../support/purchase.ts';
import { type Answer, type Fields, hourMs, type Service, startMs, startService } from '../support/service.ts';
import { postReport, usage } from '../support/subscription.ts';
import { test as base } from '../support/test.ts';

/** Three instances of the service on one database; each test has a provider of its own, and what that sends. */
const test = base
  .extend('instances', { scope: 'file' }, async ({ service, atEndOfFile }) => {
    const startOther = () => startService({ database: service.database, atEnd: atEndOfFile });
    return [service, await startOther(), await startOther()] as const;
  })
  .extend('purchase', ({ acme }) => ({ ...anyPurchase, partnerKey: acme.partnerKey }));

/** Sends to all instances at the same moment; resolves to the statuses, in order. */
async function statuses(instances: readonly Service[], send: (service: Service) => Promise<Answer>) {
  const answers = await Promise.all(instances.map(send));
  return answers.map(({ status }) => status).sort();
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('the same purchase at several instances at once', () => {
  test('is one, which one of them has created', async ({ instances, service, acme, purchase }) => {
    const sent = numbers(80).map((number) => ({ ...purchase, orderId: `order ${number}` }));
    const answered = await Promise.all(sent.map((fields) => statuses(instances, ({ post }) => post(fields))));
    expect(new Set(answered.map(String))).toEqual(new Set(['200,200,201']));
    const listed = await service.list('/api/SaasTrackings?limit=1000', acme.secret);
    expect(new Set(listed.map(({ orderId }) => orderId)).size).toBe(80);
    expect(listed).toHaveLength(80);
  });

  test('has what each of the copies said, by the strongest', async ({
    instances,
    service,
    acme,
    purchase,
  }) => {
    const [one, two, three] = instances;
    const fields = { ...purchase, amount: '10', currency: 'EUR' };
    const rounds = numbers(50).map(async (number) => {
      const order = { ...fields, orderId: `order ${number}` };
      return await Promise.all([
        one?.post({ ...order, referral: `referral ${number}` }),
        two?.post(signed({ ...order, amount: '12' }, acme, startMs)),
        three?.post({ ...order, amount: '15' }, bearer(acme.secret)),
      ]);
    });
    await Promise.all(rounds);
    const listed = await service.list('/api/SaasTrackings?limit=1000', acme.secret);
    expect(listed).toHaveLength(50);
    for (const row of listed) {
      expect(row).toMatchObject({ amount: '15', trust: 'server' });
      // Of the weaker copies, those that came later were told of the other amount.
      const copies = row.copies as { said: string[] }[];
      expect(copies.filter(({ said }) => said.includes('amount'))).toHaveLength(1);
    }
  });

  test('is one whatever customers pages and the provider name, the provider itself at last', async ({
    instances,
    service,
    acme,
    purchase,
  }) => {
    const rounds = numbers(60).map((number) => {
      const order = { ...purchase, orderId: `order ${number}` };
      return Promise.all(
        instances.map(({ post }, index) =>
          index === number % 3
            ? post({ ...order, customerId: 'own' }, bearer(acme.secret))
            : post({ ...order, customerId: `page ${index}` }),
        ),
      );
    });
    await Promise.all(rounds);
    const listed = await service.list('/api/SaasTrackings?limit=1000', acme.secret);
    expect(new Set(listed.map(({ customerId }) => customerId))).toEqual(new Set(['own']));
    expect(listed).toHaveLength(60);
    await expectFiguresOfRows(acme, { by: 'level' });
  });

  test('is counted once, with what was refunded of it meanwhile', async ({ instances, acme, purchase }) => {
    const secret = bearer(acme.secret);
    const order = (number: number) => ({ ...purchase, orderId: `order ${number}`, currency: 'EUR' });
    // Each message goes to another instance: a page's copy, a page's of another customer, the provider's, and two refunds.
    const messages: readonly ((number: number, post: Service['post']) => Promise<Answer>)[] = [
      (number, post) => post({ ...order(number), amount: '10' }),
      (number, post) => post({ ...order(number), customerId: 'another', amount: '12' }),
      (number, post) => post({ ...order(number), event: 'refund', amount: '3' }, secret),
      (number, post) => post({ ...order(number), event: 'refund', amount: '4' }, secret),
      (number, post) => (number % 2 ? post({ ...order(number), amount: '11' }, secret) : post(order(number))),
    ];
    const rounds = numbers(60).map((number) =>
      Promise.all(
        messages.map((send, index) => {
          const instance = instances[(index + number) % instances.length];
          return instance && send(number, instance.post);
        }),
      ),
    );
    await Promise.all(rounds);
    await expectFiguresOfRows(acme, { by: 'level,verdict' });
  });

  test('that has only a stamped time is one within 24 hours, and two beyond', async ({
    instances,
    service,
    acme,
    purchase,
  }) => {
    const stamped = (customerId: string, atMs: number) => ({
      ...purchase,
      customerId,
      purchasedAt: atMs,
      clock: startMs,
    });
    const within = numbers(60).map((number) =>
      statuses(instances, (service) =>
        service.post(stamped(`cust ${number}`, startMs - instances.indexOf(service) * 11 * hourMs)),
      ),
    );
    for (const answered of await Promise.all(within)) expect(answered).toEqual([200, 200, 201]);
    const beyond = await statuses(instances, (service) =>
      service.post(stamped('far apart', startMs - instances.indexOf(service) * 24 * hourMs)),
    );
    expect(beyond).toEqual([201, 201, 201]);
    expect(await service.list('/api/SaasTrackings?limit=1000', acme.secret)).toHaveLength(63);
  });
});

test('whoever is overtaken while it writes begins its batch again', async ({ instances, service, acme }) => {
  const { id: providerId = 0 } = (await service.store.findProvider(acme.partnerKey)) ?? {};
  for (let round = 0; round < 8; round++) {
    const batch = (instance: number) =>
      numbers(20).map((number) =>
        purchaseEntry(providerId, `round ${round} order ${number}`, startMs + instance),
      );
    const outcomes = await Promise.all(instances.map(({ store }, index) => store.write(batch(index))));
    expect(outcomes.flat().filter(({ result }) => result === 'created')).toHaveLength(20);
  }
});

test('an Idempotency-Key makes one report, whichever instance is asked', async ({
  instances,
  acme,
  service,
}) => {
  const report = (elements: Fields, key: string) => (service: Service) =>
    postReport(service, { ...usage, providerkey: acme.secret, ...elements }, { 'idempotency-key': key });
  const answered = await Promise.all(
    numbers(40).map((number) => statuses(instances, report({ coid: `cust ${number}` }, `key ${number}`))),
  );
  expect(new Set(answered.map(String))).toEqual(new Set(['201,201,201']));
  expect(await service.list('/api/subscriptions/reports?limit=1000', acme.secret)).toHaveLength(40);
  expect(await statuses(instances, report({ coid: 'another' }, 'key 1'))).toEqual([422, 422, 422]);
});

test('of reports at once the one that was committed last counts, the same for all instances', async ({
  instances,
  acme,
}) => {
  /** As a provider sends it: again, where too many wait for the same lock for too long. */
  async function report(service: Service, count: number): Promise<Answer> {
    for (;;) {
      const answer = await postReport(service, { ...usage, count, providerkey: acme.secret });
      if (answer.status !== 503) return answer;
    }
  }
  const taken = await Promise.all(
    numbers(30).map((number) => statuses(instances, (service) => report(service, number))),
  );
  expect(taken.flat()).toEqual(Array(90).fill(201));
  const lists = await Promise.all(instances.map(({ list }) => list('/api/subscriptions', acme.secret)));
  expect(lists[0]).toHaveLength(1);
  for (const list of lists) expect(list).toEqual(lists[0]);
  const reports = await instances[0]?.list('/api/subscriptions/reports?limit=1000', acme.secret);
  expect(reports).toHaveLength(90);
  expect(reports?.filter(({ counted }) => counted)).toHaveLength(1);
});

test('alike refusals at several instances share a row that counts them all', async ({
  instances,
  service,
  acme,
  purchase,
}) => {
  await Promise.all(
    numbers(40).map(() => statuses(instances, ({ post }) => post({ ...purchase, customerId: '' }))),
  );
  expect(await service.list('/api/rejections', acme.secret)).toMatchObject([{ count: 120 }]);
});

test('who is forgotten through one instance is forgotten by all, also by what is being written', async ({
  instances,
  service,
  acme,
  purchase,
}) => {
  const { id: providerId = 0 } = (await service.store.findProvider(acme.partnerKey)) ?? {};
  const writing = numbers(60).map((number) =>
    statuses(instances, ({ post }) => post({ ...purchase, orderId: `order ${number}` })),
  );
  await Promise.race(writing);
  const forgetting = service.store.forgetCustomers({
    providerId,
    partnerKey: acme.partnerKey,
    customerIds: [purchase.customerId],
    forgottenAt: startMs,
  });
  await Promise.all([forgetting, ...writing]);
  expect(await statuses(instances, ({ post }) => post(purchase))).toEqual([403, 403, 403]);
  expect(await acme.rows()).toEqual([]);
});

test('instances that start on an empty database at the same moment share its tables', async () => {
  const database = await createDatabase({ empty: true });
  const stores = await Promise.all(numbers(8).map(() => openDatabase(database)));
  onTestFinished(async () => {
    await Promise.all(stores.map((store) => store.close()));
  });
  for (const store of stores) expect(await store.listProviders()).toEqual([]);
  expect(await queryDatabase(database, 'select count(*)::int as keys from database_keys')).toEqual([
    { keys: 2 },
  ]);
});
