import { z } from 'zod';
import type { FieldError } from '../../wire/problem.ts';
import { lengthOf, toStoredText } from '../../wire/text.ts';

/** A message as it came, before anything in it is believed. */
export type Fields = Readonly<Record<string, unknown>>;

/** Reads fields one by one and keeps account of the wrong ones; `Values` are those of right ones. */
export interface FieldReader<Values> {
  readonly errors: FieldError[];
  /** Names of fields that were wrong and left out. */
  readonly ignored: NameOf<Values>[];
  /** A field without which, or with a wrong value in it, the message is refused. */
  required<Name extends NameOf<Values>>(name: Name): Values[Name] | undefined;
  /** A field that may be missing, but is refused when it is wrong. */
  checked<Name extends NameOf<Values>>(name: Name): Values[Name] | undefined;
  /** A field that is left out when it is wrong. */
  optional<Name extends NameOf<Values>>(name: Name): Values[Name] | undefined;
  fail(name: NameOf<Values>, code: string, detail: string): void;
}

type NameOf<Values> = keyof Values & string;

/**
 * Reads fields by one schema each. Texts are taken without the blanks and line ends around them, which templates leave
 * there; empty ones and null count as absent.
 */
export function createFieldReader<Values>(
  fields: Fields,
  schemas: { readonly [Name in keyof Values]: z.ZodType<Values[Name]> },
): FieldReader<Values> {
  const errors: FieldError[] = [];
  const ignored: NameOf<Values>[] = [];

  function read<Name extends NameOf<Values>>(name: Name, wrong: (issue: z.core.$ZodIssue) => void) {
    const value = fields[name];
    if (isAbsent(value)) return undefined;
    const result = schemas[name].safeParse(typeof value === 'string' ? value.trim() : value);
    if (result.success) return result.data;
    for (const issue of result.error.issues.slice(0, 1)) wrong(issue);
    return undefined;
  }

  const reader: FieldReader<Values> = {
    errors,
    ignored,
    required(name) {
      if (isAbsent(fields[name])) reader.fail(name, 'required', 'is required');
      return reader.checked(name);
    },
    checked: (name) => read(name, (issue) => reader.fail(name, codeOf(issue), issue.message)),
    optional: (name) => read(name, () => ignored.push(name)),
    fail: (name, code, detail) => errors.push({ pointer: `/${name}`, code, detail: `${name} ${detail}` }),
  };
  return reader;
}

export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function codeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom') return String(issue.params?.code);
  return issue.code === 'invalid_value' ? 'invalid' : 'wrong_type';
}

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
