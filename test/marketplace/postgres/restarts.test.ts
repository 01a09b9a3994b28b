import { beforeAll, expect, test, vi } from 'vitest';
import { type Postgres, startPostgres } from '../../support/postgres.ts';
import { queryPostgres } from '../../support/postgresDatabases.ts';
import { createCommandLine } from '../support/command.ts';
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
    const line = await createCommandLine();
    const database = await postgres.createDatabase();
    await line.run(['provider', 'add', 'Acme', '--key', 'pk_acme'], { DATABASE_URL: database });
    const service = await line.serve('--database', database);
    const readiness = async () => {
      const response = await fetch(`${service.baseUrl}/readyz`);
      return { status: response.status, text: await response.text() };
    };
    const load = startLoad(service.baseUrl, 'order');
    for (let round = 1; round <= ends; round++) {
      await load.progress();
      await end();
      await expect.poll(readiness, patience).toMatchObject({
        status: 503,
        text: expect.stringMatching(/database (does not answer|is shutting down or starting)/),
      });
      expect((await fetch(`${service.baseUrl}/livez`)).status).toBe(200);
      await postgres.start();
      await expect.poll(readiness, patience).toMatchObject({ status: 200 });
    }
    await load.progress();
    await load.finish();

    expect(load.unexpected).toEqual([]);
    expect(load.slowestMs).toBeLessThan(7_500);
    expect(service.process.exitCode).toBe(null);
    const rows = await queryPostgres(database, 'select order_id from trackings');
    expectEachOnce(
      rows.map(({ order_id }) => String(order_id)),
      load.acknowledged,
    );
    console.log({
      acknowledged: load.acknowledged.length,
      slowestMs: load.slowestMs,
      longestGapMs: load.longestGapMs,
      unavailable: load.unavailable,
    });
  },
);
