import { lengthOf, toStoredText } from '../../wire/text.ts';
import { digest } from '../ledger/digest.ts';
import type { FormField, OrderForm } from '../store/orderForms.ts';
import { type FieldName, fieldKinds, fieldNames, maxValueLength } from './fields.ts';
import { Password } from './password.ts';

/** Texts by field; the password is never among them. */
export type Values = Readonly<Partial<Record<FieldName, string>>>;

export interface Entries {
  values: Values;
  password: Password | undefined;
  /** What the buyer has to mend, by field. */
  errors: Values;
}

/** Reads and checks what a buyer entered; what the form doesn't ask is ignored, what is empty is left out. */
export function readEntries(
  { fields }: Pick<OrderForm, 'fields'>,
  body: Readonly<Record<string, unknown>>,
): Entries {
  const given = fields.map((field) => ({ field, value: readValue(field.name, body[field.name]) }));
  const errors = given.flatMap(({ field, value }) => {
    const error = errorOf(field, value);
    return error === undefined ? [] : [[field.name, error] as const];
  });
  const texts = given.filter(({ field, value }) => value !== '' && field.name !== 'password');
  const password = given.find(({ field }) => field.name === 'password')?.value;
  return {
    values: Object.fromEntries(texts.map(({ field, value }) => [field.name, value])),
    password: password ? new Password(password) : undefined,
    errors: Object.fromEntries(errors),
  };
}

/** The same for the same form and the same values, whatever the password. */
export function fingerprintOf(providerId: number, values: Values): Uint8Array {
  return digest(JSON.stringify([providerId, fieldNames.map((name) => values[name] ?? '')]));
}

/** A password is taken as it is: a space at its end may be part of it. */
function readValue(name: FieldName, value: unknown): string {
  if (typeof value !== 'string') return '';
  return name === 'password' ? value : toStoredText(value).trim();
}

function errorOf({ name, required }: FormField, value: string): string | undefined {
  const { label, pattern, advice } = fieldKinds[name];
  if (value === '') return required ? `Enter your ${inSentence(label)}` : undefined;
  if (lengthOf(value) > maxValueLength) return `Use at most ${maxValueLength} characters`;
  if (/\p{Cc}/u.test(value)) return 'Use letters, digits and signs only';
  // Compiled as browsers compile the attribute of the same name.
  if (pattern && !new RegExp(`^(?:${pattern})$`, 'v').test(value)) return advice;
  return undefined;
}

function inSentence(label: string): string {
  return label.startsWith('ZIP') ? label : label.charAt(0).toLowerCase() + label.slice(1);
}
