import type { Level } from '../../wire/fields.ts';
import type { FieldError } from '../../wire/problem.ts';
import type { Problem } from '../http/errors.ts';

/** Why a message is refused for good, with the status and title of the answer. */
export const refusals = {
  unreadable: { status: 400, title: 'The message cannot be read' },
  not_an_object: { status: 400, title: 'The message is not an object' },
  invalid_fields: { status: 400, title: 'Fields are missing or wrong' },
  wrong_secret: { status: 401, title: 'The secret is wrong' },
  wrong_signature: { status: 401, title: 'The signature is wrong' },
  expired_signature: { status: 401, title: 'The signature has expired' },
  unknown_partner_key: { status: 403, title: 'The partner key is unknown' },
  provider_disabled: { status: 403, title: 'The provider is disabled' },
  below_minimum_level: { status: 403, title: 'The message proves too little' },
  secret_required: { status: 403, title: 'Only the provider itself can report it' },
  customer_forgotten: { status: 403, title: 'The customer was forgotten' },
  beyond_retention: { status: 400, title: 'It is older than what is kept' },
  conflict: { status: 409, title: 'It is on record with another amount or currency' },
} as const;
export type RefusalReason = keyof typeof refusals;

/** Those by which messages are kept: of customers who were forgotten nothing is. */
export const keptReasons = Object.keys(refusals).filter(isKeptReason);

export function isKeptReason(name: string): name is RefusalReason {
  return Object.hasOwn(refusals, name) && name !== 'customer_forgotten';
}

/** Thrown for a message that would be refused again however often it is sent; it is kept as a rejection (but for customer_forgotten). */
export class Refusal extends Error {
  readonly reason: RefusalReason;
  readonly errors: readonly FieldError[];
  /** The level that the message has reached until then. */
  readonly trust: Level;

  constructor(
    reason: RefusalReason,
    detail: string,
    { errors = [], trust = 'unsigned' }: { errors?: readonly FieldError[]; trust?: Level } = {},
  ) {
    super(detail);
    this.reason = reason;
    this.errors = errors;
    this.trust = trust;
  }

  get status(): number {
    return refusals[this.reason].status;
  }
}

/** What is answered to a message that is refused. */
export function refusalProblem({ status, reason, message: detail, errors }: Refusal): Problem {
  return { status, code: reason, title: refusals[reason].title, detail, errors };
}
