import { z } from 'zod';
import { lengthOf, toStoredText } from '../../wire/text.ts';

const textOrNumber = z.union([z.string(), z.number()], { error: 'must be text or a number' });

/** Text as it is stored, of at most that many code points; a number is taken as its text. */
export function text(maxLength: number) {
  return textOrNumber
    .transform((value) => toStoredText(String(value)))
    .refine((value) => lengthOf(value) <= maxLength, {
      error: `must not be longer than ${maxLength} characters`,
      params: { code: 'too_long' },
    })
    .meta({ maxLength });
}

/** What the parser makes of the value; invalid when it makes nothing. */
export function parsed<Value extends string | number>(
  parse: (value: string | number) => Value | undefined,
  error: string,
) {
  return textOrNumber
    .transform((value, context) => {
      const result = parse(value);
      if (result !== undefined) return result;
      context.addIssue({ code: 'custom', message: error, params: { code: 'invalid' } });
      return z.NEVER;
    })
    .meta({ description: error });
}
