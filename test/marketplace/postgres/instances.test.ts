import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { createDatabase, queryDatabase } from '../support/database.ts';
import { expectFiguresOfRows } from '../support/figures.ts';
import { bearer, purchase, purchaseEntry, signed } from '../support/purchase.ts';
import { type Answer, type Fields, hourMs, type Service, startMs, startService } from '../support/service.ts';
import { postReport, usage } from '../support/subscription.ts';

/** Several instances of the service on one database, with one provider. */
async function startInstances(count: number, options: Parameters<typeof startService>[0] = {}) {
  const first = await startService(options);
  const others = Array.from({ length: count - 1 }, () =>
    startService({ ...options, database: first.database }),
  );
  const instances = [first, ...(await Promise.all(others))];
  return { instances, first, provider: await first.addProvider() };
}

/** Sends to all instances at the same moment; resolves to the statuses, in order. */
async function statuses(instances: readonly Service[], send: (service: Service) => Promise<Answer>) {
  const answers = await Promise.all(instances.map(send));
  return answers.map(({ status }) => status).sort();
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('the same purchase at several instances at once', () => {
  test('is one, which one of them has created', async () => {
    const { instances, first, provider } = await startInstances(3);
    const sent = numbers(200).map((number) => ({ ...purchase, orderId: `order ${number}` }));
    const answered = await Promise.all(sent.map((fields) => statuses(instances, ({ post }) => post(fields))));
    expect(new Set(answered.map(String))).toEqual(new Set(['200,200,201']));
    const listed = await first.list('/api/SaasTrackings?limit=1000', provider.secret);
    expect(new Set(listed.map(({ orderId }) => orderId)).size).toBe(200);
    expect(listed).toHaveLength(200);
  });

  test('has what each of the copies said, by the strongest', async () => {
    const { instances, first, provider } = await startInstances(3);
    const [one, two, three] = instances;
    const fields = { ...purchase, amount: '10', currency: 'EUR' };
    const rounds = numbers(50).map(async (number) => {
      const order = { ...fields, orderId: `order ${number}` };
      return await Promise.all([
        one?.post({ ...order, referral: `referral ${number}` }),
        two?.post(signed({ ...order, amount: '12' }, provider, startMs)),
        three?.post({ ...order, amount: '15' }, bearer(provider.secret)),
      ]);
    });
    await Promise.all(rounds);
    const listed = await first.list('/api/SaasTrackings?limit=1000', provider.secret);
    expect(listed).toHaveLength(50);
    for (const row of listed) {
      expect(row).toMatchObject({ amount: '15', trust: 'server' });
      // Of the weaker copies, those that came later were told of the other amount.
      const copies = row.copies as { said: string[] }[];
      expect(copies.filter(({ said }) => said.includes('amount'))).toHaveLength(1);
    }
  });

  test('is one whatever customers pages and the provider name, the provider itself at last', async () => {
    const { instances, first, provider } = await startInstances(3);
    const rounds = numbers(150).map((number) => {
      const order = { ...purchase, orderId: `order ${number}` };
      return Promise.all(
        instances.map(({ post }, index) =>
          index === number % 3
            ? post({ ...order, customerId: 'own' }, bearer(provider.secret))
            : post({ ...order, customerId: `page ${index}` }),
        ),
      );
    });
    await Promise.all(rounds);
    const listed = await first.list('/api/SaasTrackings?limit=1000', provider.secret);
    expect(new Set(listed.map(({ customerId }) => customerId))).toEqual(new Set(['own']));
    expect(listed).toHaveLength(150);
    await expectFiguresOfRows(provider, { by: 'level' });
  });

  test('is counted once, with what was refunded of it meanwhile', async () => {
    const { instances, provider } = await startInstances(3);
    const secret = bearer(provider.secret);
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
    await expectFiguresOfRows(provider, { by: 'level,verdict' });
  });

  test('that has only a stamped time is one within 24 hours, and two beyond', async () => {
    const { instances, first, provider } = await startInstances(3);
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
    expect(await first.list('/api/SaasTrackings?limit=1000', provider.secret)).toHaveLength(63);
  });
});

test('whoever is overtaken while it writes begins its batch again', async () => {
  const { instances, first, provider } = await startInstances(3);
  const { id: providerId = 0 } = (await first.store.findProvider(provider.partnerKey)) ?? {};
  for (let round = 0; round < 20; round++) {
    const batch = (instance: number) =>
      numbers(20).map((number) =>
        purchaseEntry(providerId, `round ${round} order ${number}`, startMs + instance),
      );
    const outcomes = await Promise.all(instances.map(({ store }, index) => store.write(batch(index))));
    expect(outcomes.flat().filter(({ result }) => result === 'created')).toHaveLength(20);
  }
});

test('an Idempotency-Key makes one report, whichever instance is asked', async () => {
  const { instances, provider, first } = await startInstances(3);
  const report = (elements: Fields, key: string) => (service: Service) =>
    postReport(service, { ...usage, providerkey: provider.secret, ...elements }, { 'idempotency-key': key });
  const answered = await Promise.all(
    numbers(40).map((number) => statuses(instances, report({ count: number }, `key ${number}`))),
  );
  expect(new Set(answered.map(String))).toEqual(new Set(['201,201,201']));
  expect(await first.list('/api/subscriptions/reports?limit=1000', provider.secret)).toHaveLength(40);
  expect(await statuses(instances, report({ count: 99 }, 'key 1'))).toEqual([422, 422, 422]);
});

test('of reports at once the one that was committed last counts, the same for all instances', async () => {
  const { instances, provider } = await startInstances(3);
  /** As a provider sends it: again, where too many wait for the same lock for too long. */
  async function report(service: Service, count: number): Promise<Answer> {
    for (;;) {
      const answer = await postReport(service, { ...usage, count, providerkey: provider.secret });
      if (answer.status !== 503) return answer;
    }
  }
  const taken = await Promise.all(
    numbers(60).map((number) => statuses(instances, (service) => report(service, number))),
  );
  expect(taken.flat()).toEqual(Array(180).fill(201));
  const lists = await Promise.all(instances.map(({ list }) => list('/api/subscriptions', provider.secret)));
  expect(lists[0]).toHaveLength(1);
  for (const list of lists) expect(list).toEqual(lists[0]);
  const reports = await instances[0]?.list('/api/subscriptions/reports?limit=1000', provider.secret);
  expect(reports).toHaveLength(180);
  expect(reports?.filter(({ counted }) => counted)).toHaveLength(1);
});

test('alike refusals at several instances share a row that counts them all', async () => {
  const { instances, first, provider } = await startInstances(3);
  await Promise.all(
    numbers(40).map(() => statuses(instances, ({ post }) => post({ ...purchase, customerId: '' }))),
  );
  expect(await first.list('/api/rejections', provider.secret)).toMatchObject([{ count: 120 }]);
});

test('who is forgotten through one instance is forgotten by all, also by what is being written', async () => {
  const { instances, first, provider } = await startInstances(3);
  const { id: providerId = 0 } = (await first.store.findProvider(provider.partnerKey)) ?? {};
  const writing = numbers(150).map((number) =>
    statuses(instances, ({ post }) => post({ ...purchase, orderId: `order ${number}` })),
  );
  await Promise.race(writing);
  const forgetting = first.store.forgetCustomers({
    providerId,
    partnerKey: provider.partnerKey,
    customerIds: [purchase.customerId],
    forgottenAt: startMs,
  });
  await Promise.all([forgetting, ...writing]);
  expect(await statuses(instances, ({ post }) => post(purchase))).toEqual([403, 403, 403]);
  const rows = await queryDatabase(first.database, 'select customer_id from trackings');
  expect(rows).toEqual([]);
});

test('instances that start on an empty database at the same moment share its tables', async () => {
  const database = await createDatabase({ empty: true });
  const stores = await Promise.all(numbers(8).map(() => openDatabase(database)));
  onTestFinished(async () => {
    await Promise.all(stores.map((store) => store.close()));
  });
  for (const store of stores) expect(await store.listProviders()).toEqual([]);
  expect(await queryDatabase(database, 'select count(*)::int as keys from database_keys')).toEqual([
    { keys: 1 },
  ]);
});
