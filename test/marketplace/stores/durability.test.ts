import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createCommandLine } from '../support/command.ts';
import { beginRequest } from '../support/connection.ts';
import { expectEachOnce, startLoad } from '../support/load.ts';
import { listOrderIds } from '../support/orderIds.ts';
import { patience } from '../support/patience.ts';
import { purchase } from '../support/purchase.ts';

/** How often the service is ended under load; `npm run soak` does it a hundred times. */
const ends = Number(process.env.ONRAMP_KILLS ?? 2);

// Each service is a process of its own, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 + ends * 10_000 });

test.each(['SIGKILL', 'SIGTERM'] as const)(
  `after ${ends} times %s under load every acknowledged purchase is there, exactly once`,
  async (signal) => {
    const line = await createCommandLine();
    const secret = await line.addProvider();
    const acknowledged: string[] = [];
    for (let end = 1; end <= ends; end++) {
      const service = await line.serve();
      const loaded = startLoad(service.baseUrl, String(end));
      await loaded.progress();
      const exitCode = await service.end(signal);
      expect(exitCode).toBe(signal === 'SIGTERM' ? 0 : null);
      await loaded.gone;
      acknowledged.push(...loaded.acknowledged);
    }

    const { baseUrl } = await line.serve();
    expectEachOnce(await listOrderIds(baseUrl, secret), acknowledged);
  },
);

describe('a service that is told to end', () => {
  const body = JSON.stringify(purchase);

  async function beginPurchase(baseUrl: string) {
    const head = `POST /api/SaasTrackings HTTP/1.1\r\nHost: onramp\r\nContent-Length: ${body.length}\r\n\r\n`;
    const purchasing = await beginRequest(baseUrl, head + body.slice(0, 10));
    // What was sent before on other connections has arrived once this is answered.
    expect((await fetch(`${baseUrl}/readyz`)).status).toBe(200);
    return purchasing;
  }

  async function untilClosing(baseUrl: string): Promise<void> {
    const isRefused = () =>
      fetch(`${baseUrl}/livez`).then(
        () => false,
        () => true,
      );
    await expect.poll(isRefused, patience).toBe(true);
  }

  test('says so to who asks, takes no more connections, and answers what has begun', async () => {
    const line = await createCommandLine();
    const secret = await line.addProvider();
    const service = await line.serve();
    const probe = await beginRequest(service.baseUrl, 'GET /readyz HTTP/1.1\r\nHost: onramp\r\n');
    const purchasing = await beginPurchase(service.baseUrl);

    const ended = service.end('SIGTERM');
    await untilClosing(service.baseUrl);
    expect(await probe.finish('\r\n')).toMatch(/^HTTP\/1.1 503 .*connection: close/s);
    expect(await purchasing.finish(body.slice(10))).toMatch(/^HTTP\/1.1 201 .*connection: close/s);
    expect(await ended).toBe(0);

    const { baseUrl } = await line.serve();
    expect(await listOrderIds(baseUrl, secret)).toHaveLength(1);
  });

  test('does not wait for connections that are only kept open', async () => {
    const line = await createCommandLine();
    const service = await line.serve();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const [response] = await once(get(`${service.baseUrl}/livez`, { agent }), 'response');
    response.resume();
    await once(response, 'end');
    // Browsers open some before they know what for.
    await beginRequest(service.baseUrl, '');
    expect((await fetch(`${service.baseUrl}/livez`)).status).toBe(200);
    const asked = performance.now();
    expect(await service.end('SIGINT')).toBe(0);
    // It would wait for 8 s.
    expect(performance.now() - asked).toBeLessThan(5_000);
  });

  test('by Ctrl-C, which it gets twice where it was started by an old Node, answers what has begun', async () => {
    const line = await createCommandLine({ asNode: '20.0.0', ownGroup: true });
    await line.addProvider();
    const service = await line.serve();
    const purchasing = await beginPurchase(service.baseUrl);
    // The starter is slow to pass the signal on, so that the service has taken its own before.
    service.process.kill('SIGSTOP');
    const ended = service.end('SIGINT');
    await untilClosing(service.baseUrl);
    service.process.kill('SIGCONT');
    await pause(300);
    expect(await purchasing.finish(body.slice(10))).toMatch(/^HTTP\/1.1 201 /);
    expect(await ended).toBe(0);
  });

  test('and a good while later once more, ends at once', async () => {
    const line = await createCommandLine();
    const service = await line.serve();
    await beginPurchase(service.baseUrl);
    void service.end('SIGTERM');
    await untilClosing(service.baseUrl);
    await pause(1_500);
    const asked = performance.now();
    expect(await service.end('SIGTERM')).toBe(null);
    expect(performance.now() - asked).toBeLessThan(5_000);
  });
});
