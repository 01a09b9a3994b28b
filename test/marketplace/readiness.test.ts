import { expect, test } from 'vitest';
import { StoreUnavailableError } from '../../src/marketplace/store/errors.ts';
import { purchase } from './support/purchase.ts';
import { startService } from './support/service.ts';

test('a service whose database is gone is not ready, and says why', async () => {
  const reason = 'its database is damaged';
  const service = await startService({
    wrapStore: (store) => ({
      ...store,
      ping: () => Promise.reject(new StoreUnavailableError('gone', reason)),
    }),
  });
  expect(await service.send('/livez')).toMatchObject({ status: 200 });
  const answer = await service.send('/readyz');
  expect(answer).toMatchObject({ status: 503, body: { detail: expect.stringContaining(reason) } });
  expect(answer.headers.get('retry-after')).toBe('5');
});

test('a part of the ledger that is away is named, and the others’ providers are served', async () => {
  const isOdd = ({ providerId }: { providerId: number }) => providerId % 2 === 1;
  let isAway = true;
  const service = await startService({
    wrapStore: (store) => ({
      ...store,
      findPlace: async (providerId) => (isOdd({ providerId }) ? 'odd' : 'even'),
      write: (entries) =>
        isAway && entries.some(isOdd)
          ? Promise.reject(new StoreUnavailableError('locked'))
          : store.write(entries),
    }),
  });
  const [odd, even] = [await service.addProvider(), await service.addProvider({ partnerKey: 'pk_other' })];
  const send = async () => [(await odd.post(purchase)).status, (await even.post(purchase)).status];
  expect(await send()).toEqual([503, 201]);
  const away = async () => [
    (await service.send('/readyz')).body,
    /^onramp_place_away\{place="odd"\} (\d)$/m.exec((await service.metrics.read()).text)?.[1],
  ];
  expect(await away()).toEqual([{ status: 'ready', away: ['odd'] }, '1']);
  isAway = false;
  expect(await send()).toEqual([201, 200]);
  expect(await away()).toEqual([{ status: 'ready' }, '0']);
});

test('whether it is ready is found out once a second, however many ask', async () => {
  let pings = 0;
  const service = await startService({
    wrapStore: (store) => ({
      ...store,
      ping: () => {
        pings++;
        return store.ping();
      },
    }),
  });
  const answers = await Promise.all(Array.from({ length: 20 }, () => service.send('/readyz')));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(pings).toBe(1);
  service.time.now += 1_000;
  await service.send('/readyz');
  expect(pings).toBe(2);
});

test('HEAD is answered as GET', async () => {
  let ping = () => Promise.resolve();
  const service = await startService({ wrapStore: (store) => ({ ...store, ping: () => ping() }) });
  const head = async (path: string) => (await service.send(path, { method: 'HEAD' })).status;
  expect([await head('/livez'), await head('/readyz')]).toEqual([200, 200]);
  ping = () => Promise.reject(new StoreUnavailableError('disk full'));
  service.time.now += 1_000;
  expect([await head('/livez'), await head('/readyz')]).toEqual([200, 503]);
});

test.for(['/livez', '/readyz'])('%s takes no other methods, and says so', async (path) => {
  const service = await startService();
  for (const method of ['POST', 'OPTIONS', 'DELETE']) {
    const { status, headers } = await service.send(path, { method });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  }
});
