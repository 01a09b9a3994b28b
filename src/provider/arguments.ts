import { isTemplateLeftover, lengthOf, toStoredText } from '../wire/text.ts';
import { formatTime, parseTime } from '../wire/time.ts';
import { type FieldError, invalidCall } from './error.ts';

/** Reads a call's arguments and keeps account of the wrong ones. Undefined, null and blank text count as absent. */
export interface ArgumentReader {
  /**
   * Text, or a number as its text, of at most that many code points, without the blanks around it: the marketplace
   * takes it so, and a signature has to cover the same. What a template left unfilled is wrong.
   */
  text(name: string, value: unknown, maxLength: number): string | undefined;
  /** The same, and an error when it is absent. */
  required(name: string, value: unknown, maxLength: number): string;
  /** A Date, an ISO 8601 text or epoch milliseconds, as 2017-03-01T10:00:00.000Z. */
  time(name: string, value: unknown): string | undefined;
  fail(name: string, code: string, detail: string): void;
  /** @throws OnrampError `invalid` when there was an error */
  check(): void;
}

export function createArgumentReader(): ArgumentReader {
  const errors: FieldError[] = [];
  const reader: ArgumentReader = {
    text(name, value, maxLength) {
      if (isAbsent(value)) return undefined;
      const isText = typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
      const text = toStoredText(String(value).trim());
      if (!isText) reader.fail(name, 'wrong_type', 'must be text');
      else if (isTemplateLeftover(text)) {
        reader.fail(name, 'not_filled_in', `is ${JSON.stringify(text)}: a template that was not filled in`);
      }
      if (lengthOf(text) > maxLength) {
        reader.fail(name, 'too_long', `must not be longer than ${maxLength} characters`);
      }
      return text;
    },
    required(name, value, maxLength) {
      if (isAbsent(value)) reader.fail(name, 'required', 'is required');
      return reader.text(name, value, maxLength) ?? '';
    },
    time(name, value) {
      if (isAbsent(value)) return undefined;
      const source = value instanceof Date ? value.getTime() : value;
      const sent = typeof source === 'string' ? source.trim() : source;
      const time = typeof sent === 'string' || typeof sent === 'number' ? parseTime(sent) : undefined;
      if (time !== undefined) return formatTime(time);
      reader.fail(
        name,
        'invalid',
        'must be a Date, an ISO 8601 date or date-time such as 2017-03-01T10:00:00Z, or epoch milliseconds',
      );
      return undefined;
    },
    fail: (name, code, detail) => errors.push({ pointer: `/${name}`, code, detail: `${name} ${detail}` }),
    check() {
      if (errors.length > 0) throw invalidCall(errors);
    },
  };
  return reader;
}

export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
