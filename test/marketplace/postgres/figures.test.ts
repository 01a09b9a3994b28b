import { expect, onTestFinished, test, vi } from 'vitest';
import { createPool } from '../../../src/marketplace/store/postgres/pool.ts';
import { createDatabase, queryDatabase } from '../support/database.ts';
import { expectFiguresOfRows } from '../support/figures.ts';
import { patience } from '../support/patience.ts';
import { purchase } from '../support/purchase.ts';
import { startPurging } from '../support/purging.ts';
import { hourMs, startMs, startService } from '../support/service.ts';

test('figures that several sessions have moved become one part, and the same', async () => {
  const service = await startService();
  const others = [
    await startService({ database: service.database }),
    await startService({ database: service.database }),
  ];
  const acme = await service.addProvider();
  const order = { ...purchase, amount: '49.90', currency: 'EUR' };
  const times = ['2026-02-27T10', '2026-02-28T10', '2026-05-03T11', '2026-05-04T10'];
  for (const [index, { post }] of [service, ...others].entries()) {
    await Promise.all(
      times.map((time) => post({ ...order, orderId: `${index} ${time}`, purchasedAt: `${time}:00:00Z` })),
    );
  }
  const partsOf = async () => {
    const rows = await queryDatabase(
      service.database,
      `select distinct part from figures where span > 0 and start < ${Date.parse('2026-05-01')}
         or span = 0 and start = ${Date.parse('2026-05-03T11:00:00Z')}`,
    );
    return rows.map(({ part }) => Number(part)).sort();
  };
  expect((await partsOf()).length).toBeGreaterThan(1);

  service.time.now = startMs;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  startPurging(service);
  vi.advanceTimersByTime(hourMs);
  vi.useRealTimers();
  await expect.poll(partsOf, patience).toEqual([0]);
  await expectFiguresOfRows(acme, { by: 'day' });
  await expectFiguresOfRows(acme, { by: 'month' });
  // What comes late still counts.
  await acme.post({ ...order, orderId: 'late', purchasedAt: '2026-02-28T11:00:00Z' });
  await expectFiguresOfRows(acme, { by: 'day', zone: 'Asia/Kathmandu' });
});

test('the statements of figures are not compiled, which takes longer than they do', async () => {
  const pool = createPool(await createDatabase({ empty: true }), 1);
  onTestFinished(() => pool.end());
  const connection = await pool.connect();
  const { rows } = await connection.query('show jit');
  connection.release();
  expect(rows).toEqual([{ jit: 'off' }]);
});
