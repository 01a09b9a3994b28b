import { describe, expect, test, vi } from 'vitest';
import { keepPurging } from '../../src/marketplace/purge.ts';
import { type CommandLine, createCommandLine } from './support/command.ts';
import { readDatabase } from './support/database.ts';
import { patience } from './support/patience.ts';
import { bearer, purchase } from './support/purchase.ts';
import { hourMs, startMs, startService } from './support/service.ts';

// Each command is a process of its own, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 });

async function runJson(line: CommandLine, ...args: string[]) {
  const { exitCode, stdout, stderr } = await line.run([...args, '--json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}

async function startWithAcme() {
  const line = await createCommandLine();
  const secret = await line.addProvider();
  const { baseUrl } = await line.serve();
  const post = (fields: object) =>
    fetch(`${baseUrl}/api/SaasTrackings`, { method: 'POST', body: JSON.stringify(fields) });
  const countRows = async () => {
    const response = await fetch(`${baseUrl}/api/SaasTrackings?limit=1000`, { headers: bearer(secret) });
    const { items } = (await response.json()) as { items: unknown[] };
    return items.length;
  };
  return { line, baseUrl, post, countRows };
}

describe('beside a running service', () => {
  test('rejections are replayed by cause and by id, each once, while more are refused', async () => {
    const { line, post, countRows } = await startWithAcme();
    await runJson(line, 'provider', 'set', 'pk_acme', '--minimum-level', 'server');
    await expect.poll(async () => (await post(purchase)).status, patience).toBe(403);
    for (let index = 0; index < 20; index++) await post({ ...purchase, orderId: `${index}` });
    const before = await countRows();
    await runJson(line, 'provider', 'set', 'pk_acme', '--minimum-level', 'unsigned');

    const cause = ['--provider', 'pk_acme', '--reason', 'below_minimum_level'];
    const load = Promise.all(
      Array.from({ length: 200 }, (_, index) => post({ ...purchase, customerId: '', orderId: `x${index}` })),
    );
    const [one, other] = await Promise.all([
      runJson(line, 'rejections', 'replay', ...cause),
      runJson(line, 'rejections', 'replay', ...cause),
    ]);
    expect((await load).every(({ status }) => status === 400)).toBe(true);
    const created = [...one, ...other].filter(({ result }) => result === 'created');
    expect(created.length).toBe((await countRows()) - before);
    expect(created.length).toBe(21 - before);
    expect(await runJson(line, 'rejections', 'list', ...cause)).toEqual([]);

    const [wrong] = await runJson(line, 'rejections', 'list', '--text', 'x199', '--status', '400');
    expect(await runJson(line, 'rejections', 'replay', wrong.id)).toEqual([
      { id: wrong.id, result: 'refused', reason: 'invalid_fields', detail: 'customerId is required.' },
    ]);
    const { stdout } = await line.run(['rejections', 'replay', wrong.id]);
    expect(stdout).toContain('invalid_fields: customerId is required.');
  });

  test('a customer is forgotten, from the files too, and a late copy is refused at once', async () => {
    const { line, post, countRows } = await startWithAcme();
    for (const customerId of ['cust-forget-5d2e', 'cust-forget-77aa', 'cust-stays']) {
      expect((await post({ ...purchase, customerId })).status).toBe(201);
    }
    const forgotten = await runJson(line, 'forget', 'pk_acme', 'cust-forget-5d2e', 'cust-forget-77aa');
    expect(forgotten).toMatchObject({ partnerKey: 'pk_acme', customers: 2, erased: { purchases: 2 } });
    expect((await post({ ...purchase, customerId: 'cust-forget-5d2e' })).status).toBe(403);
    expect((await post({ ...purchase, customerId: 'cust-new' })).status).toBe(201);
    expect(await countRows()).toBe(2);
    const bytes = await readDatabase(line.database);
    expect(bytes.includes('cust-forget')).toBe(false);
    expect(bytes.includes('cust-stays')).toBe(true);
    const { stdout } = await line.run(['forget', 'pk_acme', 'cust-stays']);
    expect(stdout).toMatch(/purchases +1\n/);
    expect(stdout).not.toContain('cust-stays');
  });
});

test.each<[string, string[], number, RegExp]>([
  [
    'replay of what is gone',
    ['rejections', 'replay', '019aa1b2-3c4d-7e5f-8a6b-7c8d9e0f1a2b'],
    1,
    /There is no rejection/,
  ],
  ['forgetting of an unknown provider', ['forget', 'pk_a', 'x'], 1, /provider list/],
])('%s is explained', async (_name, args, exitCode, message) => {
  const line = await createCommandLine();
  const finished = await line.run(args);
  expect(finished.stderr).toMatch(message);
  expect(finished.exitCode).toBe(exitCode);
});

describe('the retention', () => {
  const log = { info: () => undefined, error: () => undefined };

  test('deletes older purchases, visits and clicks, and nothing without it', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    const provider = await service.store.findProvider('pk_acme');
    const landingUrl = 'https://acme.example/';
    await service.store.putListing({ name: 'acme', providerId: provider?.id ?? 0, landingUrl });
    const act = async (orderId: string) => {
      await service.post({ ...purchase, orderId });
      await service.post({ partnerKey: 'pk_acme', event: 'visit', referral: orderId, landedAt: startMs });
      await service.send('/go/acme');
    };
    await act('old');
    service.time.now += 24 * hourMs;
    await act('young');
    service.time.now += 6 * 24 * hourMs + 1;
    const clock = () => service.time.now;
    const counts = async () =>
      await Promise.all(
        ['/api/SaasTrackings', '/api/clicks'].map(async (path) => (await service.list(path, secret)).length),
      );

    let purges = 0;
    const purgeOrders = async (before: number) => {
      purges++;
      return await service.store.purgeOrders(before);
    };
    const stopWithout = keepPurging({ store: { ...service.store, purgeOrders }, clock, log });
    await expect.poll(() => purges, patience).toBe(1);
    stopWithout();
    expect(await counts()).toEqual([4, 2]);

    const stop = keepPurging({ store: service.store, clock, log, retentionMs: 7 * 24 * hourMs });
    await expect.poll(counts, patience).toEqual([2, 1]);
    stop();
    expect(await service.list('/api/SaasTrackings?event=purchase', secret)).toMatchObject([
      { orderId: 'young' },
    ]);
  });

  test('deletes more than is deleted at once', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    await Promise.all(
      Array.from({ length: 1_200 }, (_, index) => service.post({ ...purchase, orderId: `${index}` })),
    );
    expect(await service.store.purgeTrackings(startMs)).toBe(0);
    expect(await service.store.purgeTrackings(startMs + 1)).toBe(1_200);
    expect(await service.list('/api/SaasTrackings', secret)).toEqual([]);
  });
});
