/** Standard Webhooks 1.0.0, https://www.standardwebhooks.com: what the marketplace signs and a provider verifies. */
import { decodeBase64, encodeBase64 } from './base64.ts';
import { areSameBytes, encodeText, hmacSha256 } from './hmac.ts';

const prefix = 'whsec_';
const version = 'v1,';
const secondsPattern = /^\d{1,12}$/;
/** A full stop divides id, timestamp and body in what is signed, so none may stand in an id. */
const idPattern = /^[!-~]{1,255}$/;

export type WebhookFailure =
  /** webhook-id, webhook-timestamp or webhook-signature is not there. */
  | 'missing_headers'
  /** The id isn't printable ASCII or the timestamp isn't Unix seconds. */
  | 'invalid_headers'
  /** Signed longer ago than is tolerated: perhaps somebody sends again what was heard once. */
  | 'too_old'
  /** Dated further ahead than is tolerated: one of the two clocks is wrong. */
  | 'too_new'
  /** No signature is of this body under one of the secrets. */
  | 'wrong_signature';

/** Why a message isn't believed; `reason` is for programs, the message for people. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  readonly reason: WebhookFailure;

  constructor(reason: WebhookFailure, message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Signs a message: the value of its webhook-signature header, `v1,<base64>`. For two secrets, sign twice and put
 * a space between.
 *
 * @throws TypeError when the id, the timestamp or the secret can't be signed with
 */
export async function signWebhook(parts: {
  secret: string;
  /** The webhook-id header: the same over every retry of one message. */
  id: string;
  /** The webhook-timestamp header, in Unix seconds. */
  timestamp: number;
  body: string | Uint8Array;
}): Promise<string> {
  const { secret, id, timestamp, body } = parts;
  if (!idPattern.test(id) || id.includes('.')) {
    throw new TypeError('id has to be 1 to 255 printable ASCII characters without spaces and full stops.');
  }
  if (!secondsPattern.test(String(timestamp))) {
    throw new TypeError('timestamp has to be whole Unix seconds: Math.floor(Date.now() / 1000).');
  }
  const bytes = typeof body === 'string' ? encodeText(body) : body;
  const mac = await hmacSha256(webhookKey(secret), signedBytes(id, String(timestamp), bytes));
  return version + encodeBase64(mac);
}

/**
 * Verifies a message that was received: one of its signatures has to be one of the secrets', over the body byte
 * for byte as it came.
 *
 * @throws WebhookError when the message isn't to be believed
 * @throws TypeError when a secret can't be a key
 */
export async function verifyWebhook(parts: {
  /** All that are valid now: two while a secret is being replaced. */
  secrets: readonly string[];
  headers: Headers;
  body: Uint8Array;
  /** Epoch milliseconds. */
  now: number;
  /** How far the timestamp may lie in the past or the future, in seconds. */
  toleranceSeconds?: number | undefined;
}): Promise<{ id: string; timestamp: number }> {
  const { secrets, headers, body, now, toleranceSeconds = 300 } = parts;
  const [id, seconds, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headers.get(name),
  );
  if (!id || !seconds || !signatures) {
    throw new WebhookError(
      'missing_headers',
      'The headers webhook-id, webhook-timestamp and webhook-signature are needed.',
    );
  }
  if (!idPattern.test(id) || !secondsPattern.test(seconds)) {
    throw new WebhookError(
      'invalid_headers',
      'webhook-id has to be printable ASCII, webhook-timestamp Unix seconds.',
    );
  }
  const timestamp = Number(seconds);
  checkAge(now / 1000 - timestamp, toleranceSeconds);

  const macs = signatures
    .split(' ')
    .filter((signature) => signature.startsWith(version))
    .map((signature) => decodeBase64(signature.slice(version.length)));
  const signed = signedBytes(id, seconds, body);
  for (const secret of secrets) {
    const expected = await hmacSha256(webhookKey(secret), signed);
    if (macs.some((mac) => mac && areSameBytes(mac, expected))) return { id, timestamp };
  }
  throw new WebhookError(
    'wrong_signature',
    'No signature in webhook-signature is of this body under a valid secret.',
  );
}

/**
 * The secret in the form that every Standard Webhooks library takes, `whsec_<base64>`: the very same key.
 */
export function toWebhookSecret(secret: string): string {
  return secret.startsWith(prefix) ? secret : prefix + encodeBase64(encodeText(secret));
}

/** Whether it can be a key: no empty text, and base64 after `whsec_`. */
export function isWebhookSecret(secret: unknown): secret is string {
  return typeof secret === 'string' && keyOf(secret) !== undefined;
}

/** The bytes of the HMAC's key: base64 after `whsec_`, of any other secret its UTF-8. */
function keyOf(secret: string): Uint8Array<ArrayBuffer> | undefined {
  const key = secret.startsWith(prefix) ? decodeBase64(secret.slice(prefix.length)) : encodeText(secret);
  return key?.length ? key : undefined;
}

function webhookKey(secret: string): Uint8Array<ArrayBuffer> {
  const key = keyOf(secret);
  if (!key) throw new TypeError('A webhook secret is empty, or not base64 after whsec_.');
  return key;
}

function signedBytes(id: string, seconds: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = encodeText(`${id}.${seconds}.`);
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

function checkAge(ageSeconds: number, toleranceSeconds: number): void {
  if (ageSeconds > toleranceSeconds) {
    throw new WebhookError('too_old', `webhook-timestamp is more than ${toleranceSeconds} s in the past.`);
  }
  if (ageSeconds < -toleranceSeconds) {
    throw new WebhookError('too_new', `webhook-timestamp is more than ${toleranceSeconds} s in the future.`);
  }
}
