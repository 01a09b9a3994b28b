import { expect, test } from 'vitest';
import { type CommandLine, createCommandLine } from '../support/command.ts';
import { patience } from '../support/patience.ts';
import { bearer } from '../support/purchase.ts';
import type { Fields } from '../support/service.ts';

async function startWithAcme() {
  const line = await createCommandLine();
  return { line, secret: await line.addProvider() };
}

async function post(baseUrl: string, elements: Fields, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ expired: false, sku: 'crm', period: '2017-03', ...elements });
  const response = await fetch(`${baseUrl}/update-subscription/`, { method: 'POST', headers, body });
  const isReplayed = response.headers.get('idempotent-replayed') === 'true';
  return { status: response.status, isReplayed, body: await response.text() };
}

/** The customers of all reports, as often as each has one. */
const listCustomers = (line: CommandLine) =>
  line.withStore(async (store) => (await store.listReports({ limit: 1_000_000 })).map(({ coid }) => coid));

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
  const kept = await listCustomers(line);
  expect(acknowledged.filter((coid) => !kept.includes(coid))).toEqual([]);
  for (const coid of sent) {
    const headers = { 'idempotency-key': coid };
    const { status, isReplayed } = await post(baseUrl, { coid, count: 1, providerkey: secret }, headers);
    expect([status, isReplayed]).toEqual([201, kept.includes(coid)]);
  }
  expect((await listCustomers(line)).toSorted()).toEqual(sent.toSorted());
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
  expect(await post(baseUrl, elements, headers)).toEqual({ ...first, isReplayed: true });
});
