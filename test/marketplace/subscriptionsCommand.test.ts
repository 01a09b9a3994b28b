import { describe, expect, test, vi } from 'vitest';
import { type CommandLine, createCommandLine } from './support/command.ts';
import { patience } from './support/patience.ts';
import { bearer } from './support/purchase.ts';
import type { Fields, Json } from './support/service.ts';

// Each command is a process of its own, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 });

async function startWithAcme() {
  const line = await createCommandLine();
  return { line, secret: await line.addProvider() };
}

async function post(baseUrl: string, elements: Fields, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ expired: false, sku: 'crm', period: '2017-03', ...elements });
  const response = await fetch(`${baseUrl}/update-subscription/`, { method: 'POST', headers, body });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

async function listReports(baseUrl: string, secret: string): Promise<Json[]> {
  const reports: Json[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const cursor: string = next && `&cursor=${next}`;
    const path = `/api/subscriptions/reports?limit=1000${cursor}`;
    const response = await fetch(baseUrl + path, { headers: bearer(secret) });
    const page = (await response.json()) as { items: Json[]; next: string | null };
    reports.push(...page.items);
    next = page.next;
  }
  return reports;
}

/** Reports one customer after the other, each with a key of its own, until the service is gone. */
function load(baseUrl: string, secret: string) {
  const sent: string[] = [];
  const acknowledged: string[] = [];
  async function reportUntilGone(): Promise<void> {
    for (;;) {
      const coid = `cust-${sent.length}`;
      sent.push(coid);
      try {
        const elements = { coid, count: 1, providerkey: secret };
        const { status } = await post(baseUrl, elements, { 'idempotency-key': coid });
        if (status === 201) acknowledged.push(coid);
      } catch {
        return;
      }
    }
  }
  const gone = Promise.all(Array.from({ length: 16 }, reportUntilGone));
  return { sent, acknowledged, gone };
}

test('after kill -9 under load every acknowledged report is there, and sending all again bills once', async () => {
  const { line, secret } = await startWithAcme();
  const service = await line.serve();
  const { sent, acknowledged, gone } = load(service.baseUrl, secret);
  await expect.poll(() => acknowledged.length, patience).toBeGreaterThan(100);
  await service.end('SIGKILL');
  await gone;

  const { baseUrl } = await line.serve();
  const kept = (await listReports(baseUrl, secret)).map(({ coid }) => coid);
  expect(acknowledged.filter((coid) => !kept.includes(coid))).toEqual([]);
  for (const coid of sent) {
    const headers = { 'idempotency-key': coid };
    const answer = await post(baseUrl, { coid, count: 1, providerkey: secret }, headers);
    const isReplayed = answer.headers.get('idempotent-replayed') === 'true';
    expect([answer.status, isReplayed]).toEqual([201, kept.includes(coid)]);
  }
  const all = (await listReports(baseUrl, secret)).map(({ coid }) => coid);
  expect(all.toSorted()).toEqual(sent.toSorted());
});

test('a replay after a restart gives the first answer', async () => {
  const { line, secret } = await startWithAcme();
  const headers = { 'idempotency-key': 'a key', ...bearer(secret) };
  const elements = { coid: 'cust-1', count: '7', providerkey: 'pk_acme' };
  const service = await line.serve();
  const first = await post(service.baseUrl, elements, headers);
  expect(first.status).toBe(201);
  await service.end('SIGKILL');
  const { baseUrl } = await line.serve();
  const second = await post(baseUrl, elements, headers);
  expect(second).toMatchObject({ status: 201, body: first.body });
  expect(second.headers.get('idempotent-replayed')).toBe('true');
});

describe('onramp-marketplace subscriptions', () => {
  async function startWithHistory(): Promise<CommandLine> {
    const { line, secret } = await startWithAcme();
    await line.addProvider('pk_other');
    const { baseUrl, end } = await line.serve();
    const report = async (elements: Fields) => {
      expect(await post(baseUrl, { coid: 'cust-1', providerkey: secret, ...elements })).toMatchObject({
        status: 201,
      });
    };
    await report({ count: 80, period: '2017-02' });
    await report({ count: 25 });
    await report({ count: 81, period: '2017-02' });
    await report({ expired: true, 'expired-date': '2017-03-02' });
    await report({ coid: 'cust-2', count: 1 });
    await end('SIGTERM');
    return line;
  }

  /** Columns, without what differs from run to run. */
  const cells = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/))
      .map((row) =>
        row.map((cell) => cell.replace(/^20(?!17-).*Z$/, '<time>').replace(/^[0-9a-f-]{36}$/, '<id>')),
      );

  test('list and history show what to bill, and corrections', async () => {
    const line = await startWithHistory();
    const { stdout: list } = await line.run(['subscriptions', 'list', '--provider', 'pk_acme']);
    expect(cells(list)).toEqual([
      ['PARTNER KEY', 'COID', 'SKU', 'STATE', 'EXPIRED', 'PERIOD', 'COUNT', 'REPORTS', 'LAST REPORT'],
      ['pk_acme', 'cust-2', 'crm', 'active', '-', '2017-03', '1', '1', '<time>'],
      ['pk_acme', 'cust-1', 'crm', 'terminated', '2017-03-02T00:00:00.000Z', '2017-03', '25', '2', '<time>'],
      ['pk_acme', 'cust-1', 'crm', 'terminated', '2017-03-02T00:00:00.000Z', '2017-02', '81', '2', '<time>'],
    ]);
    const { stdout: history } = await line.run(['subscriptions', 'history', 'pk_acme', 'cust-1', 'crm']);
    expect(cells(history)).toEqual([
      ['RECEIVED', 'PERIOD', 'COUNT', 'COUNTS', 'STATE', 'EXPIRED', 'ID'],
      ['<time>', '2017-03', '-', '-', 'terminated', '2017-03-02T00:00:00.000Z', '<id>'],
      ['<time>', '2017-02', '81', 'yes', 'active', '-', '<id>'],
      ['<time>', '2017-03', '25', 'yes', 'active', '-', '<id>'],
      ['<time>', '2017-02', '80', 'corrected', 'active', '-', '<id>'],
    ]);

    const { stdout: json } = await line.run(['subscriptions', 'list', '--json']);
    expect(JSON.parse(json)).toMatchObject([
      { coid: 'cust-2', status: 'active' },
      {
        partnerKey: 'pk_acme',
        coid: 'cust-1',
        status: 'terminated',
        usage: [
          { period: '2017-03', count: '25' },
          { period: '2017-02', count: '81' },
        ],
      },
    ]);
    const { stdout: none } = await line.run(['subscriptions', 'list', '--provider', 'pk_other', '--json']);
    expect(none).toBe('[]\n');
    const { stdout: empty } = await line.run(['subscriptions', 'history', 'pk_acme', 'cust-9', 'crm']);
    expect(empty).toContain('subscriptions list');
  });

  test.each([
    [['subscriptions', 'list', '--provider', 'pk_nobody'], 1, /provider list/],
    [['subscriptions', 'history', 'pk_nobody', 'cust-1', 'crm'], 1, /provider list/],
  ])('%o is explained', async (args, exitCode, message) => {
    const line = await createCommandLine();
    const finished = await line.run(args);
    expect(finished.stderr).toMatch(message);
    expect(finished.exitCode).toBe(exitCode);
  });
});
