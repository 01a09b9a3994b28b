import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SignablePurchase, SignedPurchase } from '../../src/provider/index.ts';
import type { PurchaseIdentity } from '../../src/wire/key.ts';
import type { SignedFields } from '../../src/wire/signature.ts';

const folder = resolve(import.meta.dirname, '../vectors');

/** Which purchases are the same one. */
export interface PurchaseKeyVector {
  name: string;
  purchase: PurchaseIdentity;
  key: string;
}

/** The text that a signature covers, and the token whose mac was made of it with the secret. */
export interface SignatureVector {
  name: string;
  secret: string;
  keyId: string;
  timestampSeconds: number;
  fields: SignedFields;
  text: string;
  token: string;
}

/** A tracking message as its fields, and as the form body or query string that carries them. */
export interface TrackingEncodingVector {
  name: string;
  fields: Record<string, string>;
  query: string;
}

/** A message as the marketplace signs it, with the secret in both of its forms. */
export interface WebhookVector {
  name: string;
  secret: string;
  /** The same key for libraries of Standard Webhooks. */
  webhookSecret: string;
  id: string;
  timestamp: number;
  body: string;
  signature: string;
}

/** A purchase as a provider's backend knows it, and as its page hands it over, signed. */
export interface SignedPurchaseVector {
  name: string;
  secret: string;
  partnerKey: string;
  timestampSeconds: number;
  purchase: SignablePurchase;
  text: string;
  signed: SignedPurchase;
}

export const purchaseKeyVectors: PurchaseKeyVector[] = read('purchase-keys.json');
export const signatureVectors: SignatureVector[] = read('signatures.json');
export const trackingEncodingVectors: TrackingEncodingVector[] = read('tracking-encodings.json');
export const webhookVectors: WebhookVector[] = read('webhooks.json');
export const signedPurchaseVectors: SignedPurchaseVector[] = read('signed-purchases.json');

function read(name: string) {
  return JSON.parse(readFileSync(resolve(folder, name), 'utf8'));
}
