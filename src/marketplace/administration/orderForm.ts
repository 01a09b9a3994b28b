import { type FieldName, fieldNames } from '../../wire/account.ts';
import { alwaysRequired } from '../provisioning/entries.ts';
import type { FormField, OrderForm } from '../store/orderForms.ts';

/** What a form asks and demands, in the order in which a form asks. */
export function fieldsOf(asked: readonly FieldName[] = [], demanded: readonly FieldName[] = []): FormField[] {
  const required = new Set([...alwaysRequired, ...demanded]);
  const shown = new Set([...required, ...asked]);
  return fieldNames.filter((name) => shown.has(name)).map((name) => ({ name, required: required.has(name) }));
}

/** What the audit trail says of a form: its page and what it asks, a star for what is required. */
export function describeForm({ path, fields }: Pick<OrderForm, 'path' | 'fields'>): string {
  return `/order/${path} asks ${fields.map(({ name, required }) => (required ? `${name}*` : name)).join(' ')}`;
}
