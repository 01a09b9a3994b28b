import { describe, expect, test } from 'vitest';
import { type ArgumentReader, createArgumentReader, isAbsent, kindOf } from '../../src/provider/arguments.ts';
import { OnrampError } from '../../src/provider/error.ts';

/** What the reader makes of a value, and what it says of it. */
function read(by: (reader: ArgumentReader) => unknown): { value: unknown; said: string[] } {
  const reader = createArgumentReader();
  const value = by(reader);
  try {
    reader.check();
    return { value, said: [] };
  } catch (error) {
    if (!(error instanceof OnrampError)) throw error;
    return { value, said: error.errors.map(({ pointer, code, detail }) => `${pointer} ${code}: ${detail}`) };
  }
}

const noObject = [undefined, null, '', ' \n'];

describe('text', () => {
  test.each([
    ['Acme', 'Acme'],
    [' Acme CRM\n', 'Acme CRM'],
    [42, '42'],
    [0, '0'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [-Number.MAX_SAFE_INTEGER, '-9007199254740991'],
    ['9007199254740993', '9007199254740993'],
    ['🚀🚀🚀🚀🚀', '🚀🚀🚀🚀🚀'],
  ])('%j is %j', (given, value) => {
    expect(read((reader) => reader.text('name', given, 17))).toEqual({ value, said: [] });
  });

  test.each(noObject)('%j is none', (given) => {
    expect(read((reader) => reader.text('name', given, 5))).toEqual({ value: undefined, said: [] });
  });

  test.each<[unknown, string]>([
    ['123456', '/name too_long: name must not be longer than 5 characters'],
    [true, '/name wrong_type: name is true: it must be text'],
    [{}, '/name wrong_type: name is an object: it must be text'],
    ['null', '/name not_filled_in: name is "null": a template that was not filled in'],
    [Number.NaN, '/name not_filled_in: name is "NaN": a template that was not filled in'],
    [2 ** 53, '/name invalid: name is 9007199254740992: a number so large has lost digits, give it as text'],
    [
      -(2 ** 53),
      '/name invalid: name is -9007199254740992: a number so large has lost digits, give it as text',
    ],
  ])('%j is refused', (given, said) => {
    expect(read((reader) => reader.text('name', given, 5)).said[0]).toBe(said);
  });

  test.each(noObject)('%j is refused where it is required', (given) => {
    expect(read((reader) => reader.required('name', given, 5))).toEqual({
      value: '',
      said: ['/name required: name is required'],
    });
  });
});

describe('a time', () => {
  const iso = '2017-03-01T10:00:00.000Z';
  const wrong =
    '/at invalid: at must be a Date, an ISO 8601 date or date-time such as 2017-03-01T10:00:00Z, or epoch milliseconds';
  test.each<[unknown, string | undefined, string[]]>([
    [new Date(iso), iso, []],
    [Date.parse(iso), iso, []],
    [` ${iso} `, iso, []],
    ['2017-03-01', '2017-03-01T00:00:00.000Z', []],
    [null, undefined, []],
    ['soon', undefined, [wrong]],
    [new Date(Number.NaN), undefined, [wrong]],
    [{}, undefined, [wrong]],
    [[1488362400000], undefined, [wrong]],
    [true, undefined, [wrong]],
  ])('%j is read', (given, value, said) => {
    expect(read((reader) => reader.time('at', given))).toEqual({ value, said });
  });

  test.each<[unknown, string[]]>([
    ['soon', []],
    [' ', []],
    [null, []],
    [new Date(iso), []],
    [new Date(Number.NaN), [wrong]],
    [{}, [wrong]],
  ])('%j of which the service judges the text', (given, said) => {
    expect(read((reader) => reader.moment('at', given)).said).toEqual(said);
  });
});

describe('an address', () => {
  test.each<[unknown, string | undefined, string[]]>([
    ['http://acme.example/a?b#c', 'http://acme.example/a', []],
    [new URL('https://acme.example:8443'), 'https://acme.example:8443/', []],
    ['', undefined, []],
    ['acme', undefined, ['/page invalid: page is "acme": it must be an http or https address']],
    ['shttps:a', undefined, ['/page invalid: page is "shttps:a": it must be an http or https address']],
    ['httpsx://a', undefined, ['/page invalid: page is "httpsx://a": it must be an http or https address']],
    [7, undefined, ['/page invalid: page is 7: it must be an http or https address']],
    [['http://a'], undefined, ['/page invalid: page is a list: it must be an http or https address']],
  ])('%s', (given, value, said) => {
    expect(read((reader) => reader.address('page', given))).toEqual({ value, said });
  });
});

describe('money', () => {
  const wanted = "it must be a decimal number of major units, 0 or more, such as '49.90'";
  test.each<[unknown, string | undefined, string[]]>([
    ['49.90', '49.9', []],
    [49.9, '49.9', []],
    [0, '0', []],
    [undefined, undefined, []],
    ['1,50', undefined, [`/amount invalid: amount is "1,50": ${wanted}`]],
    [10n, undefined, [`/amount invalid: amount is 10n: ${wanted}`]],
    [
      -1,
      undefined,
      [`/amount invalid: amount is -1: ${wanted}; of a refund, too, it is what was given back`],
    ],
  ])('%s', (given, value, said) => {
    expect(read((reader) => reader.amount('amount', given))).toEqual({ value, said });
  });

  test.each<[unknown, string | undefined, string[]]>([
    ['eur', 'EUR', []],
    [null, undefined, []],
    ['BTC', undefined, ['/currency invalid: currency is "BTC": it must be an ISO 4217 code, such as EUR']],
    [978, undefined, ['/currency invalid: currency is 978: it must be an ISO 4217 code, such as EUR']],
    [
      'US$',
      undefined,
      [
        '/currency invalid: currency is "US$": it must be an ISO 4217 code, such as EUR: a symbol may be that of several currencies',
      ],
    ],
  ])('in %s', (given, value, said) => {
    expect(read((reader) => reader.currency('currency', given))).toEqual({ value, said });
  });
});

test('every wrong argument is named, in a message that says that nothing was sent', () => {
  const reader = createArgumentReader();
  reader.present('one', null);
  reader.present('two', 0);
  reader.fail('three', 'invalid', 'is wrong');
  expect(() => reader.check()).toThrow('one is required; three is wrong. Nothing was sent.');
});

test.each<[unknown, boolean]>([
  ...noObject.map((value): [unknown, boolean] => [value, true]),
  ['a', false],
  [0, false],
  [false, false],
  [[], false],
])('%j is absent: %j', (value, expected) => expect(isAbsent(value)).toBe(expected));

test.each<[unknown, string]>([
  ['a "b"', '"a \\"b\\""'],
  ['x'.repeat(101), `"${'x'.repeat(100)}"`],
  [1.5, '1.5'],
  [false, 'false'],
  [5n, '5n'],
  [undefined, 'undefined'],
  [null, 'null'],
  [[1], 'a list'],
  [{ a: 1 }, 'an object'],
  [() => 1, 'a function'],
  [Symbol('a'), 'a symbol'],
])('%o is called what it is', (value, words) => expect(kindOf(value)).toBe(words));
