import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cutText,
  escapeControls,
  isTemplateLeftover,
  lengthOf,
  toComparedText,
  toStoredText,
} from '../../../src/wire/text.ts';
import { anyUnits } from '../../support/anyText.ts';

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
      fc.property(anyUnits, (text) => {
        const carried = new URLSearchParams(new URLSearchParams({ text }).toString()).get('text') ?? '';
        expect(toStoredText(carried)).toBe(toStoredText(text));
      }),
    );
  });

  test('leaves its own form unchanged', () => {
    fc.assert(
      fc.property(anyUnits, (text) => {
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

describe('toComparedText', () => {
  test.each([
    [' Acme CRM\n', 'Acme CRM'],
    ['Jose\u0301', 'José'],
    ['a\0b', 'a\uFFFDb'],
    ['Acme', 'Acme'],
    ['ACME', 'ACME'],
  ])('compares %j as %j', (text, compared) => {
    expect(toComparedText(text)).toBe(compared);
  });
});

describe('cutText', () => {
  test.each([
    ['abc', 2, 'ab'],
    ['abc', 3, 'abc'],
    ['abc', 4, 'abc'],
    ['🚀🚁', 1, '🚀'],
    ['abc', 0, ''],
  ])('of %j leaves %i characters: %j', (text, maxLength, left) => {
    expect(cutText(text, maxLength)).toBe(left);
  });
});

describe('escapeControls', () => {
  test.each([
    ['a b\n€ 🚀', 'a b\n€ 🚀'],
    ['\u001b[31m', '\\u001b[31m'],
    ['a\u0000\u007f\u009f', 'a\\u0000\\u007f\\u009f'],
    ['\r\n', '\\u000d\n'],
    ['gpj\u202e.exe', 'gpj\\u202e.exe'],
    ['one\u2028two\u2029', 'one\\u2028two\\u2029'],
  ])('writes %j as %j', (text, escaped) => {
    expect(escapeControls(text)).toBe(escaped);
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
