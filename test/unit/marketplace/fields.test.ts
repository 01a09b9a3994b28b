import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { createFieldReader, type Field } from '../../../src/marketplace/http/fields.ts';
import { reportElements } from '../../../src/marketplace/subscriptions/report.ts';
import { messageFields } from '../../../src/marketplace/tracking/message.ts';
import { anyText } from '../../support/anyText.ts';

const blank = fc.constantFrom('', ' ', '\t', '\r\n', '\u00a0', '\ufeff', '\u2028');

/** Words that some field takes or looks for, right and nearly right. */
const word = fc.constantFrom(
  ...[
    'purchase',
    'Signup',
    'visit',
    'param',
    'referrer',
    'true',
    'FALSE',
    'constructor',
    'pk_acme',
    'undefined',
    'null',
    'NaN',
  ],
  ...['[object Object]', '{{ user.id }}', '<%= id %>', `\${id}`, '#{id}', 'Acme CRM', 'os_', 'a.1.b'],
  ...[`os_${'a'.repeat(40)}`, `Bearer os_${'b'.repeat(43)}`],
  ...[
    'USD',
    ' eur',
    'XXZ',
    '49.90',
    '012.50',
    '-1',
    '1e3',
    '1,5',
    '.5',
    '1.000',
    '1',
    '0',
    '9'.repeat(16),
    '1.0000000001',
  ],
  ...['2017-03', '2017-13', '2017-03-01', '2017-02-30', '2017-03-01T10:00:00+14:00', '1999-12-31T23:59:59Z'],
  ...[
    '+275760-09-13',
    '8640000000000001',
    '-8640000000000001',
    '1488362400',
    '1488362400000',
    '4102444800000',
  ],
  ...[
    'https://acme.example/thank-you?a=b#c',
    'http://[',
    'ftp://acme.example/',
    `https://a.example/${'é'.repeat(60)}`,
  ],
);
/** At the limits and far beyond, in one and in two UTF-16 units a code point. */
const longText = fc
  .tuple(
    fc.constantFrom('x', '{', '🚀', '\0', '\ud800'),
    fc.constantFrom(127, 128, 129, 200, 201, 300, 301, 9_000),
  )
  .map(([unit, length]) => unit.repeat(length));

const anyValue = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(blank, fc.oneof(word, anyText(20), longText), blank).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: longText.map((text) => `https://acme.example/${text}`) },
  {
    weight: 1,
    arbitrary: fc.date().map((date) => (Number.isNaN(date.getTime()) ? 'Invalid' : date.toISOString())),
  },
  { weight: 2, arbitrary: fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger()) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(null, undefined, true, false, 8.64e15, 8.64e15 + 2, -0, 1e21, 1e-7),
  },
  { weight: 1, arbitrary: fc.anything() },
);

function codeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom') return String(issue.params?.code);
  return issue.code === 'invalid_value' ? 'invalid' : 'wrong_type';
}

/** What the field's schema makes of it, in the words of a reader. */
function bySchema({ schema }: Field<unknown>, name: string, value: unknown) {
  if (value === null || value === undefined || (typeof value === 'string' && value.trim() === '')) {
    return { value: undefined, errors: [] };
  }
  const { data, error } = schema.safeParse(typeof value === 'string' ? value.trim() : value);
  const [issue] = error?.issues ?? [];
  if (!issue) return { value: data, errors: [] };
  return {
    value: undefined,
    errors: [{ pointer: `/${name}`, code: codeOf(issue), detail: `${name} ${issue.message}` }],
  };
}

describe.each<[string, Record<string, Field<unknown>>]>([
  ['a message', messageFields],
  ['a report', reportElements],
])('each field of %s is read as its schema says', (_what, fields) => {
  test.each(Object.entries(fields))('%s', (name, field) => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const expected = bySchema(field, name, value);
        const reader = createFieldReader({ [name]: value }, { [name]: field });
        expect({ value: reader.checked(name), errors: reader.errors }).toEqual(expected);
        reader.errors.length = 0;
        expect(reader.optional(name)).toEqual(expected.value);
        expect(reader.ignored).toEqual(expected.errors.length > 0 ? [name] : []);
        expect(reader.errors).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

test('a field that is required and absent is told so once', () => {
  for (const value of [undefined, null, '', ' \r\n']) {
    const reader = createFieldReader({ orderId: value }, messageFields);
    expect(reader.required('orderId')).toBeUndefined();
    expect(reader.errors).toEqual([{ pointer: '/orderId', code: 'required', detail: 'orderId is required' }]);
  }
});
