import { Webhook } from 'standardwebhooks';
import { toWebhookSecret } from '../../../src/provider/index.ts';
import { secret } from './client.ts';

/** An order as a buyer fills it in. */
export const order = {
  name: 'Ada Lovelace',
  email: 'ada@acme.example',
  password: 'correct horse battery',
  company: 'Acme',
  zip: '01234',
};

export interface CallChanges {
  /** With which it is signed. */
  secret?: string;
  /** Secrets of further signatures. */
  also?: string[];
  id?: string;
  /** Default: the id, as the marketplace has it. */
  idempotencyKey?: string | undefined;
  atMs?: number;
  headers?: Record<string, string>;
}

/** The marketplace's call, signed by a library that isn't ours. */
export function signedCall(
  message: object | string,
  changes: CallChanges = {},
): RequestInit & { method: 'POST' } {
  const { id = 'order-1', atMs = Date.now(), also = [], headers = {} } = changes;
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  const signatures = [changes.secret ?? secret, ...also].map((secret) =>
    new Webhook(toWebhookSecret(secret)).sign(id, new Date(atMs), body),
  );
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': changes.idempotencyKey ?? id,
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(atMs / 1000)),
      'webhook-signature': signatures.join(' '),
      ...headers,
    },
  };
}
