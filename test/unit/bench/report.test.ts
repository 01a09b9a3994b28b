import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { placeBetweenMarkers } from '../../bench/documents.ts';
import { median } from '../../bench/measures/median.ts';
import { scenarios } from '../../bench/measures/scenarios.ts';
import { renderPicture } from '../../bench/picture/picture.ts';
import { renderTables } from '../../bench/report.ts';
import type { Delivery, Results, ScriptResult } from '../../bench/results.ts';

function script(title: string, brotli: number, delivery?: Delivery): ScriptResult {
  return {
    title,
    about: `about ${title}`,
    version: '1.0.0',
    bytes: { raw: brotli * 2, gzip: brotli + 100, brotli },
    speed: { startMs: 1, heapBytes: 50_000, ...(delivery && { callMs: 0.5, workMs: 0.6 }) },
    ...(delivery && { requests: { carrying: 1, preflights: 1 } }),
    deliveries: delivery ? Object.fromEntries(scenarios.map(({ id }) => [id, delivery])) : {},
  };
}

const results: Results = {
  takenOn: '2026-01-01',
  machine: 'a machine',
  runs: { speed: 3, delivery: 4 },
  scripts: [
    script('ours', 1_500, { runs: 4, onPage: 4, atNextPage: 0, threw: 0 }),
    script('views only', 1_000),
    script('rival', 3_000, { runs: 4, onPage: 1, atNextPage: 2, threw: 1 }),
  ],
};

test('the tables name the best, the ratio to the best rival, and who is ahead', () => {
  const tables = renderTables(results);
  expect(tables).toContain('| ours | 1,500 |');
  expect(tables).toContain('| views only | **1,000** |');
  expect(tables).toContain('| *ours : best other that converts* | 0.50 × |');
  expect(tables).toContain('- brotli, bytes: views only (1,000); ours 1,500');
});

test('a field of the grid tells what came later, and that the page saw an error', () => {
  expect(renderTables(results)).toContain('| nothing goes wrong | 100 % | 25 % + 50 % later, throws |');
});

test('a conversion counted twice is not counted once', () => {
  const twice = script('twice', 2_000, { runs: 4, onPage: 4, atNextPage: 0, threw: 0, once: 1 });
  expect(renderTables({ ...results, scripts: [twice] })).toContain('| nothing goes wrong | 25 % |');
});

test('the picture is well-formed, and has a title and a description', () => {
  const picture = renderPicture(results);
  const open: string[] = [];
  for (const [, end, name, single] of picture.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name);
    else if (name && !single) open.push(name);
  }
  expect(open).toEqual([]);
  expect(picture).toMatch(/<title[^>]*>\S.*<\/title>\s*<desc[^>]*>\S/);
  expect(picture).not.toMatch(/NaN|undefined|Infinity/);
});

test('docs/benchmark.md has the markers that npm run bench writes between', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../docs/benchmark.md'), 'utf8');
  const written = placeBetweenMarkers(page, 'the tables');
  expect(placeBetweenMarkers(written, 'other tables')).toBe(placeBetweenMarkers(page, 'other tables'));
});

test('the median of an even number of values is the mean of the two in the middle', () => {
  expect(median([9, 1, 4])).toBe(4);
  expect(median([10, 1, 4, 2])).toBe(3);
});
