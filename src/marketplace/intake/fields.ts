import type { z } from 'zod';
import type { TrackingField } from '../../wire/fields.ts';
import type { FieldError } from '../store/rejections.ts';
import { schemas } from './schemas.ts';

/** A message as it came, before anything in it is believed. */
export type Fields = Readonly<Record<string, unknown>>;

type Values = { [Name in TrackingField]: z.output<(typeof schemas)[Name]> };
const schemaOf: { [Name in TrackingField]: z.ZodType<Values[Name]> } = schemas;

/** Reads fields one by one and keeps account of the wrong ones. */
export interface FieldReader {
  readonly errors: FieldError[];
  /** Names of fields that were wrong and left out. */
  readonly ignored: TrackingField[];
  /** A field without which, or with a wrong value in it, the message is refused. */
  required<Name extends TrackingField>(name: Name): Values[Name] | undefined;
  /** A field that may be missing, but is refused when it is wrong. */
  checked<Name extends TrackingField>(name: Name): Values[Name] | undefined;
  /** A field that is left out when it is wrong. */
  optional<Name extends TrackingField>(name: Name): Values[Name] | undefined;
  fail(name: TrackingField, code: string, detail: string): void;
}

/** Empty texts and null count as absent. */
export function createFieldReader(fields: Fields): FieldReader {
  const errors: FieldError[] = [];
  const ignored: TrackingField[] = [];

  function read<Name extends TrackingField>(name: Name, wrong: (issue: z.core.$ZodIssue) => void) {
    if (isAbsent(fields[name])) return undefined;
    const result = schemaOf[name].safeParse(fields[name]);
    if (result.success) return result.data;
    for (const issue of result.error.issues.slice(0, 1)) wrong(issue);
    return undefined;
  }

  const reader: FieldReader = {
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

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function codeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom') return String(issue.params?.code);
  return issue.code === 'invalid_value' ? 'invalid' : 'wrong_type';
}
