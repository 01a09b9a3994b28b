import { z } from 'zod';
import type { FieldError } from '../../wire/problem.ts';
import { lengthOf, toStoredText } from '../../wire/text.ts';
import { BrokenText } from './octets.ts';

/** A message as it came, before anything in it is believed. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether it has fields, or entries. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/**
 * What a field takes, once as a schema and once as plain code that says the same: zod would need a sixth of the time
 * that a purchase takes. Both are made of one description, and a property test holds them equal.
 */
export interface Field<Value> {
  /** For OpenAPI. */
  readonly schema: z.ZodType<Value>;
  /** Reads a value that isn't absent, a text without the blanks around it. */
  read(value: unknown): Value | WrongValue;
}
export type ValueOf<Any> = Any extends Field<infer Value> ? Value : never;

/** Why a field's value isn't taken. */
export class WrongValue {
  readonly code: string;
  readonly detail: string;

  constructor(code: string, detail: string) {
    this.code = code;
    this.detail = detail;
  }
}

/** What a value has to hold to beyond its type. */
export interface Rule<Value> {
  code: string;
  holds(value: Value): boolean;
  /** What a value is told that breaks it. */
  detail(value: Value): string;
}

interface FieldOptions<Value> {
  /** The first that is broken is told. */
  rules?: readonly Rule<Value>[];
  description?: string | undefined;
}

/** Text as it is stored, of at most that many code points; a number is taken as its text. */
export function text(
  maxLength: number,
  { rules = [], description }: FieldOptions<string> = {},
): Field<string> {
  const allRules = [noLongerThan(maxLength), ...rules];
  const { schema, read } = textual((value) => judge(toStoredText(String(value)), allRules));
  return { read, schema: schema.meta({ maxLength, description }) };
}

/** What the parser makes of a text or a number; invalid when it makes nothing, or wrong as it says itself. */
export function parsed<Value extends string | number>(
  parse: (value: string | number) => Value | WrongValue | undefined,
  error: string,
  { rules = [], description = error }: FieldOptions<Value> = {},
): Field<Value> {
  const invalid = new WrongValue('invalid', error);
  const { schema, read } = textual((value) => {
    const result = parse(value) ?? invalid;
    return result instanceof WrongValue ? result : judge(result, rules);
  });
  return { read, schema: schema.meta({ description }) };
}

/** One of these words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Field<Word> {
  const error = `must be one of ${words.join(', ')}`;
  const invalid = new WrongValue('invalid', error);
  return {
    schema: z.enum(words, { error }),
    read: (value) => words.find((word) => word === value) ?? invalid,
  };
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** True or false, as JSON or a form writes them, PHP's 1 and 0 among them. */
export function truth(): Field<boolean> {
  const error = 'must be true or false';
  const wrongType = new WrongValue('wrong_type', error);
  const invalid = new WrongValue('invalid', error);
  return {
    schema: z
      .union([z.boolean(), z.string(), z.number()], { error })
      .transform((value) => String(value).toLowerCase())
      .pipe(z.enum([...truths.keys()], { error }))
      .transform((value) => truths.get(value) === true),
    read(value) {
      if (typeof value !== 'boolean' && !isTextual(value)) return wrongType;
      return truths.get(String(value).toLowerCase()) ?? invalid;
    },
  };
}

/** In code points. */
export function noLongerThan(maxLength: number): Rule<string> {
  const detail = `must not be longer than ${maxLength} characters`;
  return {
    code: 'too_long',
    // Code points are never more than UTF-16 units, which needn't be counted.
    holds: (value) => value.length <= maxLength || lengthOf(value) <= maxLength,
    detail: () => detail,
  };
}

function judge<Value>(value: Value, rules: readonly Rule<Value>[]): Value | WrongValue {
  const broken = rules.find(({ holds }) => !holds(value));
  return broken ? new WrongValue(broken.code, broken.detail(value)) : value;
}

const notTextual = new WrongValue('wrong_type', 'must be text or a number');
const notReadable = new WrongValue(
  'unreadable',
  'holds octets that cannot be read: send UTF-8, or declare its charset',
);
const textOrNumber = z.union([z.string(), z.number()], { error: notTextual.detail });

/** JSON can write a number that is infinite: 1e999. */
function isTextual(value: unknown): value is string | number {
  return typeof value === 'string' || Number.isFinite(value);
}

function textual<Value>(convert: (value: string | number) => Value | WrongValue): Field<Value> {
  return {
    schema: textOrNumber.transform((value, context) => {
      const converted = convert(value);
      if (!(converted instanceof WrongValue)) return converted;
      const { code, detail } = converted;
      context.addIssue({ code: 'custom', message: detail, params: { code } });
      return z.NEVER;
    }),
    read: (value) => {
      if (isTextual(value)) return convert(value);
      return value instanceof BrokenText ? notReadable : notTextual;
    },
  };
}

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

/** Texts are taken without the blanks and line ends around them; empty ones and null count as absent. */
export function createFieldReader<Values>(
  fields: Fields,
  definitions: { readonly [Name in keyof Values]: Field<Values[Name]> },
): FieldReader<Values> {
  const errors: FieldError[] = [];
  const ignored: NameOf<Values>[] = [];

  function read<Name extends NameOf<Values>>(name: Name): Values[Name] | WrongValue | undefined {
    const value = presentValue(fields[name]);
    return value === undefined ? undefined : definitions[name].read(value);
  }

  function fail(name: NameOf<Values>, code: string, detail: string): void {
    errors.push({ pointer: `/${name}`, code, detail: `${name} ${detail}` });
  }

  function checked<Name extends NameOf<Values>>(name: Name): Values[Name] | undefined {
    const value = read(name);
    if (!(value instanceof WrongValue)) return value;
    fail(name, value.code, value.detail);
    return undefined;
  }

  return {
    errors,
    ignored,
    checked,
    fail,
    required(name) {
      if (isAbsent(fields[name])) fail(name, 'required', 'is required');
      return checked(name);
    },
    optional(name) {
      const value = read(name);
      if (!(value instanceof WrongValue)) return value;
      ignored.push(name);
      return undefined;
    },
  };
}

/** Whether a message says nothing there: undefined, null, or a text of blanks. */
export function isAbsent(value: unknown): boolean {
  return presentValue(value) === undefined;
}

/** Without the blanks that templates leave around a text; undefined where nothing is left. */
function presentValue(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() || undefined : (value ?? undefined);
}

/** The schemas of the fields, by name. */
export function schemasOf<Names extends string>(
  fields: Readonly<Record<Names, Field<unknown>>>,
): Record<Names, z.ZodType> {
  const schemas = Object.entries<Field<unknown>>(fields).map(([name, { schema }]) => [name, schema]);
  return Object.fromEntries(schemas);
}
