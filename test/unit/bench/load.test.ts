import { expect, test } from 'vitest';
import { quantile } from '../../../bench/measures/spread.ts';
import { createAnswerReader } from '../../../bench/service/answer.ts';
import { firstIdAt, spreadOverTwoYears } from '../../../bench/service/ledgers.ts';
import {
  customerOf,
  orderIdOf,
  type Purchase,
  partnerKeyOf,
  renderRequest,
  requestFormat,
} from '../../../bench/service/message.ts';
import { ways } from '../../../bench/service/plan.ts';
import { measureQuietly, ratioOf, summarize, type Turn } from '../../../bench/service/turns.ts';

function turn(perSecond: number, foreignShare = 0): Turn {
  const latencies = { p50Ms: 1, p99Ms: perSecond / 1_000 };
  const spent = { serverMicroseconds: 100, databaseMicroseconds: 0, clientMicroseconds: 10 };
  return { run: 'r', answers: perSecond, perSecond, ...latencies, ...spent, foreignShare };
}

async function measureAll(shares: number[], tries: number) {
  const tally = { turns: 0, discarded: 0, disturbed: 0 };
  const pending = shares.map((share, index) => turn(1_000 + index, share));
  const next = async () => pending.shift() ?? turn(Number.NaN);
  return { kept: await measureQuietly(next, tries, tally), left: pending.length, tally };
}

test('a turn that nobody disturbs is measured once', async () => {
  const { kept, left, tally } = await measureAll([0.05, 0], 3);
  expect([kept.foreignShare, left, tally]).toEqual([0.05, 1, { turns: 1, discarded: 0, disturbed: 0 }]);
});

test('a disturbed one is discarded and measured again', async () => {
  const { kept, left, tally } = await measureAll([0.3, 0.051, 0.02, 0], 4);
  expect([kept.foreignShare, left, tally]).toEqual([0.02, 1, { turns: 1, discarded: 2, disturbed: 0 }]);
});

test('where every try is disturbed, the quietest counts and is told', async () => {
  const { kept, left, tally } = await measureAll([0.3, 0.1, 0.2, 0], 3);
  expect([kept.foreignShare, left, tally]).toEqual([0.1, 1, { turns: 1, discarded: 2, disturbed: 1 }]);
});

test('a ratio is the median of what each round gives by itself', () => {
  const of = (values: number[]) => values.map((perSecond) => turn(perSecond));
  expect(ratioOf(of([10, 40, 90]), of([100, 200, 300]))).toBeCloseTo(0.2);
});

test('figures are medians over the rounds, and ours are those of the last', () => {
  const played = [
    [turn(400), turn(100), turn(200)],
    [turn(100), turn(50), turn(50)],
  ];
  const [bare, ours] = summarize([{ name: 'bare' }, { name: 'ours' }], played);
  expect(bare).toMatchObject({ subject: 'bare', figures: { perSecond: 200, p99Ms: 0.2 }, oursToIt: 0.25 });
  expect(ours).toMatchObject({ subject: 'ours', figures: { perSecond: 50 }, oursToIt: 1 });
});

test('a quantile is the value that so many are below', () => {
  const values = Array.from({ length: 101 }, (_, index) => 100 - index);
  expect([quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1)]).toEqual([50, 99, 100]);
});

const purchase: Purchase = {
  partnerKey: partnerKeyOf(3),
  customer: customerOf(7),
  orderId: orderIdOf('run-', 7),
};

test('a POST is as long as it says, and both ways carry the same fields', () => {
  const [head = '', body = ''] = renderRequest('post', purchase).split('\r\n\r\n');
  expect(Number(/Content-Length: (\d+)/.exec(head)?.[1])).toBe(body.length);
  const [first = '', ...rest] = renderRequest('gif', purchase).split('\r\n');
  expect(rest.slice(-2)).toEqual(['', '']);
  const { searchParams } = new URL(first.split(' ')[1] ?? '', 'http://localhost');
  const fields = Object.entries<string | number>(JSON.parse(body));
  expect(fields.map(([name, value]) => [name, String(value)])).toEqual([...searchParams]);
  expect(searchParams.get('orderId')).toBe('run-000000007');
});

test.each(ways)('what wrk is given for a %s makes the same request', (way) => {
  const { partnerKey, customer, orderId } = purchase;
  const values = [partnerKey, customer, orderId];
  // As string.format of Lua: %% is a percent sign, each other % takes the next value.
  const filled = requestFormat(way, 'run-').replace(/%(?:%|\w+)/g, (place) =>
    place === '%%' ? '%' : (values.shift() ?? 'nothing'),
  );
  expect(filled).toBe(renderRequest(way, purchase));
});

test('answers are told apart, wherever the network cuts them', () => {
  const answers =
    'HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\n{"a"HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n' +
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nX: y\r\n\r\nok';
  const read = createAnswerReader();
  const statuses = [...answers].map(read).filter((status) => status !== undefined);
  expect(statuses).toEqual([201, 204, 200]);
});

test('filled purchases come evenly over two years, the last a day ago', () => {
  const { firstAt, stepMs } = spreadOverTwoYears(1_000);
  const dayMs = 24 * 60 * 60 * 1_000;
  const lastDays = (Date.now() - (firstAt + 999 * stepMs)) / dayMs;
  expect(lastDays).toBeGreaterThan(1);
  expect(lastDays).toBeLessThan(2);
  expect(stepMs).toBe(63_072_000);
});

test('the first id of a time is a UUIDv7 of it', () => {
  expect(firstIdAt(0x0123456789ab).toString('hex')).toBe('0123456789ab70008000000000000000');
});
