import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTemplateLeftover, lengthOf, toStoredText } from '../../../src/wire/text.ts';

// Any sequence of UTF-16 units, lone surrogates among them.
const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));

describe('toStoredText', () => {
  test.each([
    ['', ''],
    ['Acme CRM', 'Acme CRM'],
    ['Größe 你好 🚀', 'Größe 你好 🚀'],
    ['a\uD800b', 'a\uFFFDb'],
    ['a\uDC00', 'a\uFFFD'],
    ['\uDE80\uD83D', '\uFFFD\uFFFD'],
    ['a\0b', 'a\uFFFDb'],
  ])('stores %j as %j', (text, stored) => {
    expect(toStoredText(text)).toBe(stored);
  });

  test('is what comes out of a form', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const carried = new URLSearchParams(new URLSearchParams({ text }).toString()).get('text') ?? '';
        expect(toStoredText(carried)).toBe(toStoredText(text));
      }),
    );
  });

  test('leaves its own form unchanged', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const stored = toStoredText(text);
        expect(toStoredText(stored)).toBe(stored);
        expect(stored.isWellFormed() && !stored.includes('\0')).toBe(true);
      }),
    );
  });
});

describe('lengthOf', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['🚀🚀', 2],
    ['e\u0301', 2],
    ['\uD800', 1],
  ])('of %j is %i', (text, length) => {
    expect(lengthOf(text)).toBe(length);
  });
});

describe('isTemplateLeftover', () => {
  test.each([
    '',
    'undefined',
    'null',
    'None',
    'NaN',
    '[object Object]',
    '[object HTMLInputElement]',
    '{{ user.id }}',
    'cust-{{id}}',
    '<%= id %>',
    `\${id}`,
    '#{id}',
  ])('%s is one', (text) => expect(isTemplateLeftover(text)).toBe(true));

  test.each([
    '42',
    'Null',
    'none',
    'Nonesuch',
    'undefined-1',
    'nullable',
    'x null',
    '[list]',
    '[x obj]',
    '%>',
    '{id}',
    '$5',
    '#1',
    'a < b',
    '100 %',
  ])('%j is none', (text) => expect(isTemplateLeftover(text)).toBe(false));
});
