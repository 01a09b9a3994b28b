import type { FieldError } from '../../wire/problem.ts';
import { HttpProblem } from '../http/errors.ts';

/** Why a report is refused, with the status and title of the answer. */
export const reportRefusals = {
  incomplete: { status: 400, title: 'The body broke off' },
  unreadable: { status: 400, title: 'The message cannot be read' },
  not_an_object: { status: 400, title: 'The message is not an object' },
  invalid_fields: { status: 400, title: 'Elements are missing or wrong' },
  invalid_idempotency_key: { status: 400, title: 'The Idempotency-Key is empty or too long' },
  wrong_secret: { status: 401, title: 'The secret is wrong' },
  provider_disabled: { status: 403, title: 'The provider is disabled' },
  customer_forgotten: { status: 403, title: 'The customer was forgotten' },
  idempotency_key_in_use: { status: 409, title: 'A report with this Idempotency-Key is being stored' },
  idempotency_key_reused: { status: 422, title: 'This Idempotency-Key belongs to another report' },
} as const;

export interface RefusalExtras {
  errors?: readonly FieldError[];
  headers?: Readonly<Record<string, string>>;
}

/** The problem to be thrown for a report that is refused. */
export function refuseReport(
  code: keyof typeof reportRefusals,
  detail: string,
  { errors = [], headers }: RefusalExtras = {},
): HttpProblem {
  return new HttpProblem({ ...reportRefusals[code], code, detail, errors }, headers);
}
