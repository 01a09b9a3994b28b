import { expect, test } from 'vitest';
import { type CommandLine, createCommandLine } from '../support/command.ts';
import { patience } from '../support/patience.ts';
import type { Fields } from '../support/service.ts';

async function startWithAcme() {
  const line = await createCommandLine();
  return { line, secret: await line.addProvider() };
}

/** Reports a customer by its own key: which it has reported already, it may report again. */
async function report(baseUrl: string, secret: string, coid: string) {
  const headers = { 'idempotency-key': coid };
  const elements: Fields = { coid, count: 1, providerkey: secret };
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
  /** The first answers, by customer. */
  const acknowledged = new Map<string, string>();
  async function reportUntilGone(): Promise<void> {
    for (;;) {
      const coid = `cust-${sent.length}`;
      sent.push(coid);
      try {
        const { status, body } = await report(baseUrl, secret, coid);
        if (status === 201) acknowledged.set(coid, body);
      } catch {
        return;
      }
    }
  }
  const gone = Promise.all(Array.from({ length: 16 }, reportUntilGone));
  return { sent, acknowledged, gone };
}

test('after kill -9 under load every acknowledged report is there, and sending all again bills once, with the first answers', async () => {
  const { line, secret } = await startWithAcme();
  const service = await line.serve();
  const { sent, acknowledged, gone } = load(service.baseUrl, secret);
  await expect.poll(() => acknowledged.size, patience).toBeGreaterThan(100);
  await service.end('SIGKILL');
  await gone;

  const { baseUrl } = await line.serve();
  const kept = await listCustomers(line);
  expect([...acknowledged.keys()].filter((coid) => !kept.includes(coid))).toEqual([]);
  await Promise.all(
    sent.map(async (coid) => {
      const { status, isReplayed, body } = await report(baseUrl, secret, coid);
      expect([status, isReplayed]).toEqual([201, kept.includes(coid)]);
      expect(body).toBe(acknowledged.get(coid) ?? body);
    }),
  );
  expect((await listCustomers(line)).toSorted()).toEqual(sent.toSorted());
});
