import { beforeAll, expect, test, vi } from 'vitest';
import { type Postgres, startPostgres } from '../../support/postgres.ts';
import { listOrderIds } from '../support/orderIds.ts';
import { patience } from '../support/patience.ts';
import { purchase } from '../support/purchase.ts';
import { startService } from '../support/service.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Of this file alone, and as careful as PostgreSQL is unless it is told otherwise. */
let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
  return () => server.remove();
});

test.each([
  ['shut down', 'fast'],
  ['stopped at once', 'immediate'],
  ['killed', 'kill'],
] as const)(
  'a PostgreSQL that is %s under load costs answers of 503 until it is back, and nothing that was acknowledged',
  async (_name, manner) => {
    await server.start();
    const limits = { perAddress: 0, perKey: 0, perProvider: 0 };
    const service = await startService({ database: await server.createDatabase(), limits });
    const { secret } = await service.addProvider();

    const acknowledged: string[] = [];
    const statuses = new Set<number>();
    let sent = 0;
    let isOver = false;
    async function buy(): Promise<void> {
      while (!isOver) {
        const orderId = String(sent++);
        const post = () => service.post({ ...purchase, orderId });
        const answers = (await Promise.all([post(), post()])).map(({ status }) => status);
        for (const status of answers) statuses.add(status);
        if (answers.some((status) => status < 300)) acknowledged.push(orderId);
      }
    }
    const load = Promise.all(Array.from({ length: 8 }, buy));
    await expect.poll(() => acknowledged.length, patience).toBeGreaterThan(100);
    await (manner === 'kill' ? server.kill() : server.stop(manner));
    await expect.poll(() => statuses.has(503), patience).toBe(true);
    expect(await service.send('/readyz')).toMatchObject({ status: 503 });
    const before = acknowledged.length;
    await server.start();
    await expect.poll(() => acknowledged.length, patience).toBeGreaterThan(before + 100);
    isOver = true;
    await load;

    expect([...statuses].sort()).toEqual([200, 201, 503]);
    const orderIds = await listOrderIds(service.baseUrl, secret);
    const found = new Set(orderIds);
    expect(orderIds).toHaveLength(found.size);
    expect(acknowledged.filter((orderId) => !found.has(orderId))).toEqual([]);
  },
);
