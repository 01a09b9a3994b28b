import { beforeAll, expect, test, vi } from 'vitest';
import { type Postgres, startPostgres } from '../../support/postgres.ts';
import { addAcme, longestAnswerMs, serveAt, storedOrderIds, unavailable } from '../support/faults.ts';
import { expectEachOnce, startLoad } from '../support/load.ts';
import { patience } from '../support/patience.ts';

/** How often the server is ended under load, in each way; `npm run soak` does it more often. */
const ends = Number(process.env.ONRAMP_KILLS ?? 1);

vi.setConfig({ testTimeout: 60_000 + ends * 20_000 });

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
  return () => postgres.remove();
});

test.each([
  ['ended by kill -9', () => postgres.kill()],
  ['shut down', () => postgres.stop('fast')],
  ['shut down at once', () => postgres.stop('immediate')],
])(
  `a server that is %s under load, ${ends} times, loses and doubles nothing that was acknowledged`,
  async (_how, end) => {
    const database = await postgres.createDatabase();
    await addAcme(database);
    const service = await serveAt(database);
    const load = startLoad(service.baseUrl, 'order');
    const recoveries: number[] = [];
    for (let round = 1; round <= ends; round++) {
      await load.progress();
      await end();
      const away = unavailable(/its database (does not answer|is shutting down or starting)/);
      await expect.poll(service.readiness, patience).toMatchObject(away);
      expect((await service.liveness()).status).toBe(200);
      await postgres.start();
      const started = performance.now();
      await load.progress(1);
      recoveries.push(performance.now() - started);
      await expect.poll(service.readiness, patience).toMatchObject({ status: 200 });
    }
    await load.progress();
    await load.finish();

    expect(load.unexpected).toEqual([]);
    expect(load.slowestMs).toBeLessThan(longestAnswerMs);
    expect(service.process.exitCode).toBe(null);
    expectEachOnce(await storedOrderIds(database), load.acknowledged);
    console.log({
      acknowledged: load.acknowledged.length,
      slowestMs: load.slowestMs,
      longestGapMs: load.longestGapMs,
      recovery: Math.max(...recoveries),
      unavailable: load.unavailable,
    });
  },
);
