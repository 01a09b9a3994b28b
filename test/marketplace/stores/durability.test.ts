import { expect, test, vi } from 'vitest';
import { createCommandLine } from '../support/command.ts';
import { countPurchases } from '../support/figures.ts';
import { expectEachOnce, startLoad } from '../support/load.ts';
import { listOrderIds } from '../support/orderIds.ts';

/** How often the service is ended under load, each way in turn; `npm run soak` does it two hundred times. */
const ends = 2 * Number(process.env.ONRAMP_KILLS ?? 1);

// Each service is a process of its own, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 + ends * 10_000 });

test(`ended ${ends} times under load, killed and told to, it has every acknowledged purchase and counts it, exactly once`, async () => {
  const line = await createCommandLine();
  const secret = await line.addProvider();
  const acknowledged: string[] = [];
  for (let end = 0; end < ends; end++) {
    const signal = end % 2 === 0 ? 'SIGKILL' : 'SIGTERM';
    const service = await line.serve();
    const loaded = startLoad(service.baseUrl, String(end));
    await loaded.progress();
    const exitCode = await service.end(signal);
    expect(exitCode).toBe(signal === 'SIGTERM' ? 0 : null);
    await loaded.gone;
    acknowledged.push(...loaded.acknowledged);
  }

  const { baseUrl } = await line.serve();
  const stored = await listOrderIds(baseUrl, secret);
  expectEachOnce(stored, acknowledged);
  expect(await countPurchases(baseUrl, secret)).toBe(stored.length);
});
