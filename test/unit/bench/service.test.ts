import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { placeBetweenMarkers } from '../../../bench/documents.ts';
import { judgeGoals } from '../../../bench/service/goals.ts';
import { renderServicePicture } from '../../../bench/service/picture.ts';
import { sharesOf } from '../../../bench/service/profile.ts';
import { renderServiceTables } from '../../../bench/service/report.ts';
import type { EngineResults, Figures, ServiceResults } from '../../../bench/service/results.ts';

function figures(perSecond: number, p99Ms: number, serverMicroseconds: number): Figures {
  const rest = { databaseMicroseconds: 0, clientMicroseconds: 12 };
  return { perSecond, p50Ms: p99Ms / 2, p99Ms, serverMicroseconds, ...rest };
}

const engine: EngineResults = {
  name: 'SQLite',
  version: '3.50.0',
  comparisons: [
    {
      instances: 1,
      load: { way: 'post', connections: 64 },
      measured: [
        { subject: 'bare', figures: figures(60_000, 2, 15), oursToIt: 0.15 },
        { subject: 'durable', figures: figures(12_000, 8, 80), oursToIt: 0.75 },
        { subject: 'ours', figures: figures(9_000, 9, 115.4), oursToIt: 1 },
      ],
    },
    {
      instances: 1,
      load: { way: 'post', perSecond: 1_000 },
      measured: [
        { subject: 'bare', figures: figures(1_000, 1, 60), oursToIt: 1 },
        { subject: 'ours', figures: figures(1_000, 10, 130), oursToIt: 1 },
      ],
    },
  ],
  many: {
    measured: [
      { providers: 10, figures: figures(9_000, 9, 115) },
      { providers: 10_000, figures: figures(7_650, 12, 130) },
    ],
    toFew: 0.85,
  },
  growth: [
    {
      rows: 1_000,
      bytes: 2e6,
      measured: [{ subject: 'ours', figures: figures(9_000, 9, 115), oursToIt: 1 }],
      toSmallest: 1,
    },
    {
      rows: 1e7,
      bytes: 7e9,
      measured: [
        { subject: 'durable', figures: figures(10_000, 9, 90), oursToIt: 0.7 },
        { subject: 'ours', figures: figures(7_200, 12, 120), oursToIt: 1 },
      ],
      toSmallest: 0.8,
    },
  ],
  reading: [
    { what: 'a provider, 30 days', medianMs: 7.4 },
    { what: 'all, 90 days by campaign', medianMs: 100 },
  ],
  profile: [{ what: 'waiting', share: 0.4 }],
};
const results: ServiceResults = {
  takenOn: '2026-01-01',
  machine: 'a machine',
  disk: 'ext4 without a journal (/dev/vda)',
  syncMs: 0.34,
  rounds: 5,
  tally: { turns: 40, discarded: 3, disturbed: 0 },
  engines: [engine],
};

test('the tables set the service beside each other server, under each load', () => {
  const tables = renderServiceTables(results);
  expect(tables).toContain(
    '| POST, 64 connections: minimal durable | 12,000 | **0.75** | 4.0 | 8.0 | 80 | — | 12 |',
  );
  expect(tables).toContain(
    '| POST, 64 connections: **the service** | 9,000 | — | 4.5 | 9.0 | 115 | — | 12 |',
  );
  expect(tables).toContain('| POST, 1,000 a second, open loop: bare | 1,000 | — | 0.5 | 1.0 | 60 | — | 12 |');
  expect(tables).toContain('| POST, 1,000 a second, open loop: **the service** | 1,000 | — | 5.0 | 10.0 |');
  expect(tables).toContain('| 10,000,000 | 7,000 | 7,200 | 12.0 | 80 % | 0.70 |');
  expect(tables).toContain('| 10,000 | 7,650 | 12.0 | 130 | — | 85 % |');
  expect(tables).toContain('| figures of 10,000,000 purchases, by day | ms | under 100 |');
  expect(tables).toContain('| a provider, 30 days | 7 | met |');
  expect(tables).toContain('| all, 90 days by campaign | 100 | **missed** |');
});

test('they tell the disk, and how often others disturbed the machine', () => {
  const tables = renderServiceTables(results);
  expect(tables).toContain('The ledgers are on ext4 without a journal (/dev/vda).');
  expect(tables).toContain(
    'While others used more than 5 % of the machine, a turn was discarded and measured again: 3 times.' +
      ' None that counts was disturbed.',
  );
  const disturbed = renderServiceTables({ ...results, tally: { turns: 40, discarded: 9, disturbed: 2 } });
  expect(disturbed).toContain('2 of 40 turns count though each try of theirs was disturbed.');
});

test('a goal is reached at its figure exactly, the one under which p99 has to stay is not', () => {
  expect(judgeGoals(engine).map(({ found, isReached }) => [found, isReached])).toEqual([
    ['0.75', true],
    ['115 µs', false],
    ['10.0 ms', false],
    ['85 %', true],
    ['80 %', true],
  ]);
  const tables = renderServiceTables(results);
  expect(tables).toContain(
    '| SQLite: POST, processor time of the service | at most 115 µs | 115 µs | **missed** |',
  );
  expect(tables).toContain('| at least 80 % | 80 % | met |');
});

test('on PostgreSQL there is no goal beside the minimal durable server, which has another database', () => {
  const goals = judgeGoals({ ...engine, name: 'PostgreSQL' });
  expect(goals.map(({ what }) => what)).toEqual([
    'p99 at 1,000 a second, open loop',
    'requests a second left with 10,000 providers',
    'requests a second left with 10,000,000 purchases',
  ]);
});

test('only one instance is judged', () => {
  const comparisons = engine.comparisons.map((comparison) => ({ ...comparison, instances: 2 }));
  const none = { measured: [], toFew: 1 };
  expect(judgeGoals({ ...engine, comparisons, many: none, growth: [] })).toEqual([]);
});

test('a sample counts for the nearest caller that is known, and only between the two times', () => {
  const frame = (functionName: string, url = '') => ({ functionName, url });
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(root)'), children: [2, 3] },
      { id: 2, callFrame: frame('receive', 'file:///x/src/marketplace/tracking/receive.ts'), children: [4] },
      { id: 3, callFrame: frame('(idle)') },
      { id: 4, callFrame: frame('parse') },
    ],
    samples: [3, 4, 4, 3],
    timeDeltas: [1_000, 10, 30, 40],
    startTime: 0,
  };
  expect(sharesOf(profile, 1_005, 2_000)).toEqual([
    { what: 'reading and checking', share: 0.5 },
    { what: 'waiting', share: 0.5 },
  ]);
});

test('the picture has a title and a description, and no figure is missing', () => {
  const picture = renderServicePicture(results);
  expect(picture).toMatch(/<title[^>]*>\S.*<\/title>\s*<desc[^>]*>\S/);
  expect(picture).toContain('SQLite, POST, 64 connections: minimal durable');
  expect(picture).not.toMatch(/NaN|undefined|Infinity/);
});

test('in the picture, the minimal durable server has the share of bare that follows from both ratios', () => {
  const [durable, ours] = [...renderServicePicture(results).matchAll(/>(0\.\d\d)</g)].map(
    ([, share]) => share,
  );
  expect([durable, ours]).toEqual(['0.20', '0.15']);
});

test('docs/benchmark-service.md has the markers that npm run bench writes between', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../docs/benchmark-service.md'), 'utf8');
  const written = placeBetweenMarkers(page, 'the tables');
  expect(placeBetweenMarkers(written, 'other tables')).toBe(placeBetweenMarkers(page, 'other tables'));
});
