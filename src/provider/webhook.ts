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
 * Signs a message: the value of its webhook-signature header, `v1,<base64>`; of a list of secrets, a signature each with
 * blanks between them.
 *
 * @throws TypeError when the id, the timestamp or the secret can't be signed with
 */
export async function signWebhook(parts: {
  /** One, or all that are valid now. */
  secret: string | readonly string[];
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
  const signed = signedBytes(id, String(timestamp), bytes);
  const macs = await Promise.all(listSecrets(secret).map((secret) => hmacSha256(webhookKey(secret), signed)));
  return macs.map((mac) => version + encodeBase64(mac)).join(' ');
}

/**
 * Verifies a message that was received: one of its signatures has to be one of the secrets', over the body byte
 * for byte as it came.
 *
 * @throws WebhookError when the message isn't to be believed
 * @throws TypeError when a secret can't be a key, or a time is none
 */
export async function verifyWebhook(parts: {
  /** One, or all that are valid now: two while a secret is being replaced. */
  secret: string | readonly string[];
  headers: Headers;
  body: Uint8Array;
  /** Epoch milliseconds; default: the clock's. */
  now?: number | undefined;
  /** How far the timestamp may lie in the past or the future, in seconds; default 300. */
  toleranceSeconds?: number | undefined;
}): Promise<{ id: string; timestamp: number }> {
  const { secret, headers, body, now = Date.now(), toleranceSeconds = 300 } = parts;
  // Compared with NaN, every time would do.
  if (!Number.isFinite(now)) throw new TypeError('now has to be epoch milliseconds.');
  if (!(toleranceSeconds > 0)) throw new TypeError('toleranceSeconds has to be more than 0.');
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
  for (const key of listSecrets(secret).map(webhookKey)) {
    const expected = await hmacSha256(key, signed);
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

/** What every function here takes as `secret`, as a list. */
function listSecrets(secret: string | readonly string[]): readonly string[] {
  return [secret].flat();
}

/**
 * Whether a marketplace may have given it: `os_…`, or base64 after `whsec_`. With the partner key for it, which every page
 * shows, anybody could sign.
 */
export function isWebhookSecret(secret: unknown): secret is string {
  return typeof secret === 'string' && /^(os|whsec)_/.test(secret) && keyOf(secret) !== undefined;
}

/** The bytes of the HMAC's key: base64 after `whsec_`, of any other secret its UTF-8. */
function keyOf(secret: string): Uint8Array<ArrayBuffer> | undefined {
  const key = secret.startsWith(prefix) ? decodeBase64(secret.slice(prefix.length)) : encodeText(secret);
  return key?.length ? key : undefined;
}

function webhookKey(secret: unknown): Uint8Array<ArrayBuffer> {
  const key = typeof secret === 'string' ? keyOf(secret) : undefined;
  if (!key) throw new TypeError('A webhook secret is no text, or empty, or not base64 after whsec_.');
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
