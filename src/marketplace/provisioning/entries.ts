import { type FieldName, fieldNames } from '../../wire/account.ts';
import { lengthOf, toStoredText } from '../../wire/text.ts';
import { digest } from '../ledger/hash.ts';
import type { FormField, OrderForm } from '../store/orderForms.ts';
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

/**
 * Every form has them, and they are required: the marketplace has to know whose account it is. The article marks its
 * required fields in bold, which no copy of it shows; these stand in its shortest message.
 */
export const alwaysRequired: readonly FieldName[] = ['name', 'email'];

/** Longest value, in Unicode code points. */
export const maxValueLength = 200;

/** How a field looks and what it takes. */
export interface FieldKind {
  label: string;
  type: 'text' | 'email' | 'tel' | 'password';
  /** https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill-field */
  autocomplete: string;
  /** As HTML's pattern attribute: it must match the whole value. */
  pattern?: string;
  /** What to do about a value that doesn't match. */
  advice?: string;
}

export const fieldKinds: Readonly<Record<FieldName, FieldKind>> = {
  name: { label: 'Name', type: 'text', autocomplete: 'name' },
  email: {
    label: 'Email address',
    type: 'email',
    autocomplete: 'email',
    // What browsers take, https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
    pattern:
      "[a-zA-Z0-9.!#$%&'*+\\/=?^_`\\{\\|\\}~\\-]+@[a-zA-Z0-9](?:[a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?)*",
    advice: 'Enter an email address, like name@example.com',
  },
  username: { label: 'User name', type: 'text', autocomplete: 'username' },
  password: { label: 'Password', type: 'password', autocomplete: 'new-password' },
  company: { label: 'Company', type: 'text', autocomplete: 'organization' },
  phone: {
    label: 'Phone number',
    type: 'tel',
    autocomplete: 'tel',
    pattern: '[0-9+\\(\\)\\/. \\-]*[0-9][0-9+\\(\\)\\/. x\\-]*',
    advice: 'Enter a phone number, like +1 555 0100',
  },
  address1: { label: 'Address', type: 'text', autocomplete: 'address-line1' },
  address2: { label: 'Address, second line', type: 'text', autocomplete: 'address-line2' },
  zip: { label: 'ZIP or postal code', type: 'text', autocomplete: 'postal-code' },
  state: { label: 'State or province', type: 'text', autocomplete: 'address-level1' },
  country: { label: 'Country', type: 'text', autocomplete: 'country-name' },
};
