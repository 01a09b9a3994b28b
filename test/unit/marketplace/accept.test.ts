import { expect, test } from 'vitest';
import { prefersCsv } from '../../../src/marketplace/http/accept.ts';

test.for<[string | undefined, boolean]>([
  [undefined, false],
  ['', false],
  ['*/*', false],
  ['application/json', false],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false],
  ['text/csv', true],
  ['TEXT/CSV; charset=utf-8; header=present', true],
  ['text/*', true],
  ['text/csv, */*', true],
  ['text/csv, */*;q=0.1', true],
  ['application/json, text/csv', false],
  ['application/json;q=0.9, text/csv', true],
  ['application/json, text/csv;q=0.9', false],
  ['text/csv;q=0.5, */*', false],
  ['text/csv;q=0', false],
  ['text/csv;q=0, text/*', false],
  ['text/csv ; Q=0.8 , application/* ; q=0.7', true],
  ['text/csv;q=high', false],
])('by "%s", CSV is preferred: %s', ([accept, isPreferred]) => {
  expect(prefersCsv(accept)).toBe(isPreferred);
});
