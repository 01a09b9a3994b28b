import { createHmac } from 'node:crypto';
import { digest } from '../../../src/marketplace/ledger/hash.ts';
import { createIds } from '../../../src/marketplace/ledger/id.ts';
import type { TrackingEntry } from '../../../src/marketplace/store/trackingStatements.ts';
import { signedText } from '../../../src/wire/signature.ts';
import type { Fields } from './service.ts';

/** The four fields of 2017: the least that makes a purchase. */
export const purchase = {
  partnerKey: 'pk_acme',
  serviceName: 'Acme CRM',
  customerId: 'cust-1',
  purchasedAt: '2026-05-04T10:00:00.000Z',
};

export const fromAcme = { origin: 'https://acme.example' };
export const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

/** The purchase with a signature over its fields, which must be in stored form. */
export function signed<Sent extends Fields>(
  fields: Sent,
  { keyId, secret }: { keyId: string; secret: string },
  atMs: number,
): Sent & { sig: string } {
  const text = (name: string) => String(fields[name] ?? '');
  const timestampSeconds = Math.floor(atMs / 1000);
  const mac = createHmac('sha256', secret)
    .update(
      signedText(keyId, timestampSeconds, {
        partnerKey: text('partnerKey'),
        serviceName: text('serviceName'),
        customerId: text('customerId'),
        orderId: text('orderId'),
        purchasedAt: fields.clock === undefined ? text('purchasedAt') : '',
        amount: text('amount'),
        currency: text('currency'),
      }),
    )
    .digest('base64url');
  return { ...fields, sig: `${keyId}.${timestampSeconds}.${mac}` };
}

/** A purchase as the ledger takes it, with an id of that time, in epoch milliseconds. */
export function purchaseEntry(providerId: number, orderId: string, receivedAt: number): TrackingEntry {
  const { serviceName, customerId } = purchase;
  return {
    kind: 'tracking',
    id: createIds(() => receivedAt)(),
    event: 'purchase',
    providerId,
    key: digest(orderId),
    stamped: false,
    serviceName,
    customerId,
    orderId,
    copy: { via: 'post', receivedAt, isBot: false, parts: [{ trust: 'origin', details: {} }] },
  };
}
