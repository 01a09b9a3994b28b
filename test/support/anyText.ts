import fc from 'fast-check';
import { lengthOf } from '../../src/wire/text.ts';

/** What encodings stumble over: their own signs, line ends, NUL, halves of a pair, pairs, what only looks empty. */
const nasty = fc.constantFrom(
  ...'&=+%;#?"\\<> ',
  '%41',
  '%E0%A4%A',
  '\r\n',
  '\0',
  '\ufeff',
  '\ud83d',
  '\ude80',
  '🚀',
  'é',
  'e\u0301',
  '你',
);
const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

/** Any sequence of UTF-16 units, lone surrogates among them. fast-check's own `binary` takes a second to begin. */
export const anyUnits = fc.string({ unit });

/** Any text of so many code points at most, and of one at least; lone surrogates among them. */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  return fc
    .oneof(
      { weight: 4, arbitrary: fc.string({ unit: fc.oneof(nasty, unit), minLength: 1 }) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1 }) },
      // The longest of each width.
      { weight: 1, arbitrary: fc.constantFrom('a', '你', '🚀', '\ud800').map((it) => it.repeat(maxLength)) },
    )
    .filter((text) => lengthOf(text) <= maxLength);
}
