import type { FieldError } from '../error.ts';
import type { JsonObject } from '../problem.ts';
import { Password } from './password.ts';

/** What the marketplace can ask a buyer, by the names of the article of 2017. */
export const accountFields = [
  'username',
  'password',
  'company',
  'name',
  'email',
  'address1',
  'address2',
  'country',
  'state',
  'zip',
  'phone',
  'resellerkey',
] as const;
export type AccountField = (typeof accountFields)[number];

type ValueOf<Field extends AccountField> = Field extends 'password' ? Password : string;

/** The account to be made. Fields that the buyer left empty are not there; those you require always are. */
export type Account<Required extends AccountField = never> = {
  [Field in Exclude<AccountField, Required>]?: ValueOf<Field>;
} & { [Field in Required]: ValueOf<Field> };

/**
 * Reads the account's fields; all else in the message is left out. Null and empty text count as absent.
 *
 * @returns the account, or every field that is missing or wrong
 */
export function readAccount<Required extends AccountField>(
  message: JsonObject,
  required: readonly Required[],
): { account: Account<Required> } | { errors: readonly FieldError[] } {
  const errors: FieldError[] = [];
  const fail = (name: string, code: string, detail: string) =>
    errors.push({ pointer: `/${name}`, code, detail: `${name} ${detail}` });
  const account: Record<string, string | Password> = {};
  for (const name of accountFields) {
    const value = message[name];
    if (value === undefined || value === null || value === '') continue;
    if (typeof value === 'string' || typeof value === 'number') {
      account[name] = name === 'password' ? new Password(String(value)) : String(value);
    } else fail(name, 'wrong_type', 'must be text');
  }
  for (const name of required) if (!(name in account)) fail(name, 'required', 'is required');
  return errors.length === 0 && isComplete(account, required) ? { account } : { errors };
}

function isComplete<Required extends AccountField>(
  account: object,
  required: readonly Required[],
): account is Account<Required> {
  return required.every((name) => name in account);
}
