import { beforeAll, expect, test, vi } from 'vitest';
import { type Postgres, startPostgres } from '../../support/postgres.ts';
import { addAcme, longestAnswerMs, serveAt, storedOrderIds, unavailable } from '../support/faults.ts';
import { expectEachOnce, reportFigures, startLoad } from '../support/load.ts';
import { patience } from '../support/patience.ts';

/** How often the server is ended under load, each way in turn; `npm run soak` does it more often. */
const ends = Number(process.env.ONRAMP_KILLS ?? 3);

vi.setConfig({ testTimeout: 60_000 + ends * 20_000, hookTimeout: 60_000 });

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
  return () => postgres.remove();
});

const ways = [() => postgres.kill(), () => postgres.stop('fast'), () => postgres.stop('immediate')] as const;

test(`after ${ends} times a server that is killed or shut down under load every acknowledged purchase is there, exactly once`, async () => {
  const database = await postgres.createDatabase();
  await addAcme(database);
  const service = await serveAt(database);
  const load = startLoad(service.baseUrl, 'order');
  let slowestRecoveryMs = 0;
  for (let round = 0; round < ends; round++) {
    await load.progress();
    await ways[round % ways.length]?.();
    const away = unavailable(/its database (does not answer|is shutting down or starting)/);
    await expect.poll(service.readiness, patience).toMatchObject(away);
    expect((await service.liveness()).status).toBe(200);
    await postgres.start();
    const startedAt = performance.now();
    await load.progress(1);
    slowestRecoveryMs = Math.max(slowestRecoveryMs, performance.now() - startedAt);
    await expect.poll(service.readiness, patience).toMatchObject({ status: 200 });
  }
  await load.progress();
  await load.finish();

  expect(load.unexpected).toEqual([]);
  expect(load.slowestMs).toBeLessThan(longestAnswerMs);
  expect(service.process.exitCode).toBe(null);
  expectEachOnce(await storedOrderIds(database), load.acknowledged);
  reportFigures(load, { ends, slowestRecoveryMs });
});
