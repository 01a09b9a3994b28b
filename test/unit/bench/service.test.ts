import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { placeBetweenMarkers } from '../../../bench/documents.ts';
import { renderServicePicture } from '../../../bench/service/picture.ts';
import { sharesOf } from '../../../bench/service/profile.ts';
import { renderServiceTables } from '../../../bench/service/report.ts';
import type { EngineResults, ServiceResults } from '../../../bench/service/results.ts';
import { ratioOf } from '../../../bench/service/rounds.ts';

const engine: EngineResults = {
  name: 'SQLite',
  version: '3.50.0',
  comparisons: [
    {
      instances: 1,
      load: { way: 'post', connections: 64 },
      bare: { perSecond: 60_000, p99Ms: 2 },
      ours: { perSecond: 15_000, p99Ms: 9 },
      perSecondRatio: 0.25,
      p99Ratio: 4.5,
    },
  ],
  growth: [
    { rows: 1_000, bytes: 2e6, ours: { perSecond: 15_000, p99Ms: 9 }, perSecondRatio: 0.25, toSmallest: 1 },
    { rows: 1e7, bytes: 7e9, ours: { perSecond: 14_000, p99Ms: 12 }, perSecondRatio: 0.23, toSmallest: 0.93 },
  ],
  profile: [{ what: 'waiting', share: 0.4 }],
};
const results: ServiceResults = {
  takenOn: '2026-01-01',
  machine: 'a machine',
  syncMs: 0.34,
  rounds: 3,
  growthRounds: 5,
  seconds: 4,
  engines: [engine],
};

test('the tables set each load beside bare and say which goals are reached', () => {
  const tables = renderServiceTables(results);
  expect(tables).toContain(
    '| 1 instance, POST, 64 connections | 60,000 | 15,000 | **0.25** | 2.0 | 9.0 | 4.5 |',
  );
  expect(tables).toContain('The goal of 0.6 of bare is reached under 0 of 1 loads (0.25 to 0.25).');
  expect(tables).toContain('With 10,000,000 purchases there, 93 % of the requests a second are left');
  expect(tables).toContain('the goal of 90 % is reached.');
  expect(tables).toContain('| 10,000,000 | 7,000 | 14,000 | 12.0 | 0.23 | 93 % |');
});

test('a ratio is the median of what each round gives by itself', () => {
  const of = (values: number[]) => values.map((perSecond) => ({ run: 'r', answers: 1, perSecond, p99Ms: 1 }));
  const ratio = ratioOf(of([10, 40, 90]), of([100, 200, 300]), ({ perSecond }) => perSecond);
  expect(ratio).toBeCloseTo(0.2);
});

test('a sample counts for the nearest caller that is known, and only between the two times', () => {
  const frame = (functionName: string, url = '') => ({ functionName, url });
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(root)'), children: [2, 3] },
      { id: 2, callFrame: frame('receive', 'file:///x/src/marketplace/intake/receive.ts'), children: [4] },
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
  expect(picture).toContain('SQLite, 1 instance, POST, 64 connections');
  expect(picture).not.toMatch(/NaN|undefined|Infinity/);
});

test('docs/benchmark-service.md has the markers that npm run bench writes between', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../docs/benchmark-service.md'), 'utf8');
  const written = placeBetweenMarkers(page, 'the tables');
  expect(placeBetweenMarkers(written, 'other tables')).toBe(placeBetweenMarkers(page, 'other tables'));
});
