import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createCommandLine } from './support/command.ts';
import { beginRequest } from './support/connection.ts';
import { listOrderIds } from './support/orderIds.ts';
import { patience } from './support/patience.ts';
import { purchase } from './support/purchase.ts';

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
    const asked = performance.now();
    const ended = service.end('SIGTERM');
    await untilClosing(service.baseUrl);
    const again = setInterval(() => service.process.kill('SIGTERM'), 100);
    onTestFinished(() => clearInterval(again));
    expect(await ended).toBe(null);
    // Those that come within a second are the same one; it would wait for 8 s.
    expect(performance.now() - asked).toBeGreaterThan(1_000);
    expect(performance.now() - asked).toBeLessThan(6_000);
  });
});
