import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBuckets, toPieces } from '../../../src/marketplace/figures/buckets.ts';
import type { TimeGroup } from '../../../src/marketplace/figures/figure.ts';

const quarterMs = 900_000;
const dayMs = 96 * quarterMs;
const firstMs = Date.parse('2026-01-01T00:00:00Z');

/** Periods of whole quarters of hours in two years, in zones that are ahead, behind, and change their clocks. */
const asked = fc.record({
  start: fc.integer({ min: 0, max: 365 * 96 }).map((quarters) => firstMs + quarters * quarterMs),
  length: fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 365 * 96 })),
  by: fc.constantFrom<TimeGroup>('day', 'week', 'month'),
  zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'),
});

const toPiecesOf = (start: number, length: number, by: TimeGroup, zone: string) =>
  toBuckets({ start, end: start + length * quarterMs }, by, zone).map((bucket, index) => ({
    bucket,
    pieces: toPieces(bucket, index),
  }));

test('pieces come to their bucket, each moment of it once and none beside it', () => {
  fc.assert(
    fc.property(asked, ({ start, length, by, zone }) => {
      for (const { bucket, pieces } of toPiecesOf(start, length, by, zone)) {
        const total = pieces.reduce((sum, piece) => sum + piece.sign * (piece.end - piece.start), 0);
        expect(total).toBe(bucket.end - bucket.start);
        const moments = pieces.flatMap((piece) => [piece.start, piece.end - 1, piece.end]);
        for (const moment of [...moments, bucket.start - 1, bucket.start + dayMs]) {
          const times = pieces
            .filter((piece) => piece.start <= moment && moment < piece.end)
            .reduce((sum, { sign }) => sum + sign, 0);
          expect(times).toBe(bucket.start <= moment && moment < bucket.end ? 1 : 0);
        }
      }
    }),
  );
});

// The ledger finds the piece of a time by halving, see store/figures.ts.
test('of one span and sign no two overlap, of whichever buckets', () => {
  fc.assert(
    fc.property(asked, ({ start, length, by, zone }) => {
      const pieces = toPiecesOf(start, length, by, zone).flatMap((each) => each.pieces);
      for (const alike of Map.groupBy(pieces, ({ span, sign }) => `${span} ${sign}`).values()) {
        const inOrder = alike.toSorted((one, other) => one.start - other.start);
        for (const [index, { start: next }] of inOrder.slice(1).entries())
          expect(next).toBeGreaterThanOrEqual(inOrder[index]?.end ?? 0);
      }
    }),
  );
});
