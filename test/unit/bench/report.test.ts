import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { placeBetweenMarkers } from '../../../bench/documents.ts';
import { burdens } from '../../../bench/measures/burdens.ts';
import { median } from '../../../bench/measures/median.ts';
import { scenarios } from '../../../bench/measures/scenarios.ts';
import { exactly, isBelow, isTie, spreadOf } from '../../../bench/measures/spread.ts';
import { renderPicture } from '../../../bench/picture/picture.ts';
import { renderTables } from '../../../bench/report.ts';
import type { Delivery, Results, ScriptResult, Spread } from '../../../bench/results.ts';

/** A tenth to either side. */
function around(median: number): Spread {
  return { median, low: median * 0.9, high: median * 1.1 };
}

function script(title: string, brotli: number, delivery?: Delivery): ScriptResult {
  return {
    title,
    about: `about ${title}`,
    version: '1.0.0',
    storesUnsent: false,
    bytes: { raw: brotli * 2, gzip: brotli + 100, brotli },
    speed: {
      startMs: around(1),
      heapBytes: around(50_000),
      ...(delivery && { callMs: around(0.5), workMs: around(0.6) }),
    },
    ...(delivery && {
      burdened: Object.fromEntries(
        burdens.map(({ id }) => [id, { startMs: around(2), callMs: around(0.7), threw: 0 }]),
      ),
    }),
    ...(delivery && { requests: { carrying: 1, preflights: 1 } }),
    deliveries: delivery ? Object.fromEntries(scenarios.map(({ id }) => [id, delivery])) : {},
  };
}

const results: Results = {
  takenOn: '2026-01-01',
  machine: 'a machine',
  runs: { speed: 3, burdened: 2, delivery: 4 },
  scripts: [
    script('ours', 1_500, { runs: 4, onPage: 4, atNextPage: 0, threw: 0 }),
    script('views only', 1_000),
    script('rival', 3_000, { runs: 4, onPage: 1, atNextPage: 2, threw: 1 }),
  ],
};

const [ours, viewsOnly, rival] = results.scripts as [ScriptResult, ScriptResult, ScriptResult];

/** The tables where the rival's script starts so fast. */
function withRivalStart(startMs: Spread): string {
  const faster = { ...rival, speed: { ...rival.speed, startMs } };
  return renderTables({ ...results, scripts: [ours, viewsOnly, faster] });
}

test('the tables name the best, the ratio to the best rival, and who is ahead', () => {
  const tables = renderTables(results);
  expect(tables).toContain('| ours | 1,500 |');
  expect(tables).toContain('| views only | **1,000** |');
  expect(tables).toContain('| *ours : best other that converts* | 0.50 × |');
  expect(tables).toContain('- brotli, bytes: views only (1,000; page views only); ours 1,500');
});

test('beside a median stands where half of the samples lie', () => {
  expect(renderTables(results)).toContain('| **1.00 (0.90–1.10)** |');
});

test('where spreads overlap nobody is ahead, and the best of a column are several', () => {
  const tables = withRivalStart(around(0.95));
  expect(tables).not.toContain('- start, ms: rival (');
  expect(tables).toContain('- start, ms: views only, rival');
  expect(tables).toContain('| **0.95 (0.85–1.04)** |');
  expect(tables).toContain('1.05 ×, a tie');
});

test('where they do not, the other is ahead, and what it keeps is told', () => {
  const tables = withRivalStart(around(0.5));
  expect(tables).toContain('- start, ms: rival (0.50 (0.45–0.55); stores nothing); ours 1.00 (0.90–1.10)');
  expect(tables).toContain('| 1.00 (0.90–1.10) |');
  expect(tables).toContain('- rival: nothing goes wrong 25 %, ');
  expect(tables).toContain('(ours: none)');
});

test('who is ahead and stores what is unsent is not said to lose it', () => {
  const storing = { ...rival, storesUnsent: true, bytes: { raw: 1, gzip: 1, brotli: 1 } };
  const tables = renderTables({ ...results, scripts: [ours, storing] });
  expect(tables).toContain('- brotli, bytes: rival (1); ours 1,500');
  expect(tables).not.toContain('stores nothing');
  expect(tables).not.toContain('is gone');
});

test('each burden of a site has a row for the start and one for the call', () => {
  const tables = renderTables(results);
  for (const { title } of burdens) {
    expect(tables).toContain(`| start, ${title} | **2.00 (1.80–2.20)** | **2.00 (1.80–2.20)** |`);
    expect(tables).toContain(`| call, ${title} | **0.70 (0.63–0.77)** | **0.70 (0.63–0.77)** |`);
  }
});

test('a call that throws is not the fastest', () => {
  const throwing = { full: { startMs: around(2), callMs: around(0.01), threw: 1 } };
  const tables = renderTables({
    ...results,
    scripts: [ours, { ...rival, burdened: { ...rival.burdened, ...throwing } }],
  });
  expect(tables).toContain('| call, localStorage full | **0.70 (0.63–0.77)** | throws |');
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

test('a spread is the median and the middle half', () => {
  expect(spreadOf([5, 1, 9, 3, 7])).toEqual({ median: 5, low: 3, high: 7 });
  expect(spreadOf([1, 2])).toEqual({ median: 1.5, low: 1.25, high: 1.75 });
  expect(spreadOf([4])).toEqual(exactly(4));
});

test('one spread is below another only where they have nothing in common', () => {
  const low = { median: 1, low: 1, high: 2 };
  const high = { median: 4, low: 3, high: 4 };
  expect([isBelow(low, high), isBelow(high, low), isTie(low, high)]).toEqual([true, false, false]);
  const touching = { ...high, low: 2 };
  expect([isBelow(low, touching), isTie(low, touching), isTie(touching, low)]).toEqual([false, true, true]);
});
