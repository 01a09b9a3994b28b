import { run } from '../../tools/progress.mjs';
import { ownCheckout, serviceCommand } from './checkout.ts';
import type { Ledger } from './ledgers.ts';
import { partnerKeyOf } from './message.ts';
import type { FiguresRead } from './results.ts';

const dayMs = 86_400_000;
const provider = partnerKeyOf(0);

/** What pages ask, each of the days before the day that the filled purchases end. */
const questions: readonly { what: string; days?: number; query: string }[] = [
  { what: 'a provider, 30 days', days: 30, query: `by=day&partnerKey=${provider}` },
  { what: 'a provider, 90 days by verdict', days: 90, query: `by=day,verdict&partnerKey=${provider}` },
  {
    what: 'a provider, a year of weeks by service',
    days: 365,
    query: `by=week,service&partnerKey=${provider}`,
  },
  { what: 'a provider, all months by campaign', query: `by=month,campaign&partnerKey=${provider}` },
  { what: 'all, 30 days', days: 30, query: 'by=day' },
  { what: 'all, a year of days', days: 365, query: 'by=day' },
  { what: 'all, 30 days by provider, in sum', days: 30, query: 'by=partnerKey' },
  { what: 'all, 30 days by campaign', days: 30, query: 'by=day,campaign' },
  { what: 'all, 90 days by campaign', days: 90, query: 'by=day,campaign' },
  { what: 'all, all months by provider', query: 'by=month,partnerKey' },
];

const zone = 'Europe/Berlin';

/** How long the service takes to answer each, to its last byte; the median of so many times, after a first. */
export async function readFigures(ledger: Ledger, port: number, times: number): Promise<FiguresRead[]> {
  const token = await addOperator(ledger.database);
  const found: FiguresRead[] = [];
  for (const { what, days, query } of questions) {
    const end = Math.floor(Date.now() / dayMs - 1) * dayMs;
    const period = days
      ? `&from=${new Date(end - days * dayMs).toISOString()}&to=${new Date(end).toISOString()}`
      : '';
    const address = `http://127.0.0.1:${port}/api/figures?${query}&zone=${zone}${period}`;
    const taken: number[] = [];
    for (let time = 0; time <= times; time++) {
      const startedAt = performance.now();
      const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
      const text = await response.text();
      if (!response.ok) throw new Error(`${address} was answered ${response.status}: ${text}`);
      if (time > 0) taken.push(performance.now() - startedAt);
    }
    taken.sort((one, other) => one - other);
    found.push({ what, medianMs: taken[Math.floor(taken.length / 2)] ?? Number.NaN });
  }
  return found;
}

async function addOperator(database: string): Promise<string> {
  const args = [serviceCommand(ownCheckout), 'operator', 'add', 'bench', '--json', '--database', database];
  const { ok, output } = await run(process.execPath, args);
  if (!ok) throw new Error(`the service's command failed:\n${output}`);
  return String(JSON.parse(output).token);
}
