import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { NewSecret, Provider, Secret } from '../store/providers.ts';

const keyIdLength = 8;
const keyIdAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const secretPattern = /^os_([a-z0-9]{8})_[A-Za-z0-9_-]{43}$/;
/** As it is, and as libraries for Standard Webhooks have it: in base64, behind whsec_ or without. */
const secretAnywhere =
  /(?:os_[a-z0-9]{8}|ot)_[A-Za-z0-9_-]{43}|whsec_[A-Za-z0-9+/_-]{16,}={0,2}|b3Nf[A-Za-z0-9+/_-]{70}={0,2}/g;

const signatureAnywhere = /([A-Za-z0-9_-]{1,64}\.\d{1,12}\.)[A-Za-z0-9_-]{43}/g;

/** A new secret `os_<key id>_<256 random bits as base64url>`; createdAt in epoch milliseconds. */
export function createSecret(createdAt: number): NewSecret {
  const keyId = randomName(keyIdLength);
  return { keyId, secret: `os_${keyId}_${randomBytes(32).toString('base64url')}`, createdAt };
}

/** What makes a partner key differ from others of the same name: random, lowercase letters and digits. */
export function createKeyEnding(): string {
  return randomName(4);
}

/** Random lowercase letters and digits. */
function randomName(length: number): string {
  return Array.from({ length }, () => keyIdAlphabet[randomInt(keyIdAlphabet.length)]).join('');
}

export const keyIdPattern = new RegExp(`^[a-z0-9]{${keyIdLength}}$`);

/** The key id that a secret names; undefined for what isn't a secret. */
export function keyIdOf(secret: string): string | undefined {
  return secretPattern.exec(secret)?.[1];
}

/** Whether it is one of the provider's secrets and not retired. */
export function isLiveSecret(provider: Provider, secret: string): boolean {
  const known = findSecret(provider, keyIdOf(secret));
  return known !== undefined && isLive(known) && isSameText(known.secret, secret);
}

export function isLive({ retiredAt }: Secret): boolean {
  return retiredAt === undefined;
}

/** The live secret that was made last, which the next rotation keeps. */
export function newestKeyId({ secrets }: Pick<Provider, 'secrets'>): string {
  return secrets.findLast(isLive)?.keyId ?? '';
}

/** By its key id, live or retired; undefined where the provider has none of it. */
export function findSecret(provider: Provider, keyId: string | undefined): Secret | undefined {
  return provider.secrets.find((secret) => secret.keyId === keyId);
}

/** Compares in a time that tells nothing of where the texts differ. */
export function isSameText(one: string, other: string): boolean {
  const [bytes, otherBytes] = [Buffer.from(one), Buffer.from(other)];
  return bytes.length === otherBytes.length && timingSafeEqual(bytes, otherBytes);
}

/**
 * The text without any secret or token that was written into it, for example as a customer id by mistake, and without the mac of
 * any signature, which still says whose it was and of when.
 */
export function redact(text: string): string {
  return text.replace(secretAnywhere, '(secret left out)').replace(signatureAnywhere, '$1(mac left out)');
}

/**
 * The token of an Authorization header; undefined for none. A header of any other form, Basic among them, has the
 * empty token, which is nobody's secret: whoever sends a header means to prove something.
 */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  return /^\s*bearer\s+(\S+)\s*$/i.exec(authorization)?.[1] ?? '';
}

/** A partner key that can be told from others at a glance: "Acme CRM" becomes pk_acme_crm_x7k2. */
export function createPartnerKey(name: string, ending = createKeyEnding()): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
  const slug = words.slice(0, 40).replace(/^_+|_+$/g, '');
  return ['pk', slug, ending].filter((part) => part !== '').join('_');
}
