import type { FieldError } from '../error.ts';
import type { WebhookError } from '../webhook.ts';
import type { ProblemOutcome } from './outcome.ts';
import type { ProvisionRefused } from './refused.ts';

/** Answers that are always the same. What stands in them is for the people at both ends, and nothing of it secret. */
export const problems = {
  method: {
    status: 405,
    code: 'method_not_allowed',
    title: 'Method Not Allowed',
    detail: 'The marketplace calls this address with POST.',
  },
  tooLarge: {
    status: 413,
    code: 'too_large',
    title: 'Content Too Large',
    detail: 'A message has at most 64 KiB.',
  },
  noObject: {
    status: 400,
    code: 'no_object',
    title: 'Bad Request',
    detail: 'The body has to be a JSON object.',
  },
  bodyUsed: {
    status: 500,
    code: 'body_used',
    title: 'The body was read before',
    detail:
      'Something read or parsed the body before this handler, which has to verify its signature byte for byte. ' +
      'Express: mount this route before express.json(). Fastify: register it in a plugin whose content type parser ' +
      'leaves the body alone. Elsewhere: hand over the request before anybody reads it. docs/provider.md shows how.',
  },
  failed: {
    status: 500,
    code: 'failed',
    title: 'Internal Server Error',
    detail: 'The account could not be made. The reason stands in the log of the provider.',
  },
} as const satisfies Record<string, ProblemOutcome>;

/** 400 for a message without a readable signature, 401 for one whose signature doesn't hold. */
export function notBelieved({ reason, message }: WebhookError): ProblemOutcome {
  const status = reason === 'missing_headers' || reason === 'invalid_headers' ? 400 : 401;
  const title = status === 400 ? 'Bad Request' : 'Unauthorized';
  return { status, code: reason, title, detail: message };
}

export function invalidAccount(errors: readonly FieldError[]): ProblemOutcome {
  const detail = `${errors.map((error) => error.detail).join('; ')}.`;
  return { status: 400, code: 'invalid_fields', title: 'Fields are missing or wrong', detail, errors };
}

/** What `provision` says to the buyer. */
export function refused({ status, message, errors }: ProvisionRefused): ProblemOutcome {
  const list = Object.entries(errors).map(([field, detail]) => ({
    pointer: `/${field}`,
    code: 'refused',
    detail,
  }));
  return { status, code: 'refused', title: 'No account was made', detail: message, errors: list };
}
