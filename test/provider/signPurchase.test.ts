import { describe, expect, test } from 'vitest';
import { signedText } from '../../src/wire/signature.ts';
import { startService } from '../marketplace/support/service.ts';
import { signedPurchaseVectors } from '../support/vectors.ts';
import { createClient, failureOf, startMs } from './support/client.ts';

const baseUrl = 'https://market.example';
const purchase = {
  serviceName: 'Acme CRM',
  customerId: 42,
  orderId: 'A-1',
  amount: '049.90',
  currency: 'eur',
};

describe.each(signedPurchaseVectors)(
  '$name',
  ({ secret, partnerKey, timestampSeconds, signed, text, ...vector }) => {
    test('is signed literally so', async () => {
      const now = () => timestampSeconds * 1000 + 999;
      const { onramp } = createClient({ baseUrl, secret, partnerKey }, { now });
      expect(await onramp.signPurchase(vector.purchase)).toEqual(signed);
    });

    test('covers the literal text', () => {
      const absent = { orderId: '', purchasedAt: '', amount: '', currency: '' };
      const [keyId = ''] = signed.sig.split('.');
      expect(signedText(keyId, timestampSeconds, { partnerKey, ...absent, ...signed })).toBe(text);
    });
  },
);

/** The real service and a client of a provider that demands signatures. */
async function startBoth() {
  const service = await startService();
  service.time.now = startMs;
  const { secret } = await service.addProvider({ minimumLevel: 'signed' });
  return { service, secret, ...createClient({ baseUrl: service.baseUrl, secret }) };
}

test('a page that hands it over is believed, by post and by picture', async () => {
  const { service, secret, onramp } = await startBoth();
  const signed = await onramp.signPurchase(purchase);
  const stamped = { partnerKey: 'pk_acme', purchasedAt: startMs, clock: startMs + 5, ...signed };
  expect(await service.post(stamped)).toMatchObject({ status: 201 });
  expect(await service.picture(stamped)).toMatchObject({ status: 200, picture: '508x1' });
  expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([
    { trust: 'signed', amount: '49.9' },
  ]);
});

test('the blanks around texts are not signed, and a page may leave them there', async () => {
  const { service, onramp } = await startBoth();
  const given = {
    customerId: '\n 42\n',
    orderId: ' A-1',
    purchasedAt: ' 2026-05-04T10:00:00Z\n',
    currency: ' ',
  };
  const signed = await onramp.signPurchase({ ...purchase, serviceName: 'Acme CRM\t', ...given });
  expect(signed).toMatchObject({
    serviceName: 'Acme CRM',
    customerId: '42',
    orderId: 'A-1',
    purchasedAt: '2026-05-04T10:00:00.000Z',
  });
  expect(signed).not.toHaveProperty('currency');
  const { sig, amount } = signed;
  const page = { partnerKey: 'pk_acme', serviceName: ' Acme CRM', ...given, amount, sig };
  expect(await service.post(page)).toMatchObject({ status: 201, body: { purchase: { trust: 'signed' } } });
});

test('a page that changes anything is not', async () => {
  const { service, onramp } = await startBoth();
  const signed = await onramp.signPurchase({ ...purchase, purchasedAt: new Date(startMs) });
  const changes = [
    { amount: '9.9' },
    { currency: 'USD' },
    { orderId: 'A-2' },
    { customerId: '43' },
    { purchasedAt: startMs - 1 },
  ];
  for (const change of changes) {
    expect(await service.post({ partnerKey: 'pk_acme', ...signed, ...change })).toMatchObject({
      status: 401,
    });
  }
  expect(await service.post({ partnerKey: 'pk_acme', ...signed })).toMatchObject({ status: 201 });
});

test('every wrong field is named', async () => {
  const { onramp } = createClient({ baseUrl });
  const wrong = {
    serviceName: 'x'.repeat(201),
    customerId: '',
    purchasedAt: '2026-02-30',
    amount: -1,
    currency: 'Euro',
  };
  const { errors, message } = await failureOf(onramp.signPurchase(wrong));
  expect(errors.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
    '/serviceName too_long',
    '/customerId required',
    '/purchasedAt invalid',
    '/amount invalid',
    '/currency invalid',
  ]);
  expect(message).toMatch(/serviceName must not be longer.*customerId is required/);
});

test('what a template left unfilled is not signed', async () => {
  const { onramp } = createClient({ baseUrl });
  const wrong = { serviceName: '{{ name }}', customerId: ' undefined', orderId: 'null' };
  const { errors } = await failureOf(onramp.signPurchase(wrong));
  expect(errors).toMatchObject([
    { pointer: '/serviceName', code: 'not_filled_in' },
    { pointer: '/customerId', detail: 'customerId is "undefined": a template that was not filled in' },
    { pointer: '/orderId', code: 'not_filled_in' },
  ]);
  // What isn't text at all is told as that alone.
  const customerId = {} as unknown as string;
  expect((await failureOf(onramp.signPurchase({ ...purchase, customerId }))).errors).toMatchObject([
    { code: 'wrong_type' },
  ]);
});

test('nothing is signed without a secret', async () => {
  const { onramp } = createClient({ baseUrl, secret: null });
  await expect(onramp.signPurchase(purchase)).rejects.toThrow('needs the secret');
});
