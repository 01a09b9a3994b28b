import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  orderKey,
  type PurchaseIdentity,
  purchaseKey,
  type RefundIdentity,
  refundKey,
  signupKey,
  visitKey,
} from '../../../src/wire/key.ts';
import { purchaseKeyVectors } from '../../support/vectors.ts';

const identities: fc.Arbitrary<PurchaseIdentity> = fc.record({
  partnerKey: fc.string(),
  serviceName: fc.string(),
  customerId: fc.string(),
  orderId: fc.option(fc.string(), { nil: undefined }),
  purchasedAtMs: fc.integer({ min: 0, max: 4e12 }),
  stamped: fc.boolean(),
});

describe('purchaseKey', () => {
  test.each(purchaseKeyVectors)('$name', ({ purchase, key }) => {
    expect(purchaseKey(purchase)).toBe(key);
  });

  test('is the same only where what names the purchase is', () => {
    const whatNamesIt = (purchase: PurchaseIdentity) => {
      const { orderId, purchasedAtMs, stamped, ...owner } = purchase;
      return orderId ? { ...owner, orderId } : { ...owner, purchasedAtMs, stamped };
    };
    // A few short texts, so that equal ones come up.
    const text = fc.constantFrom('', 'a', 'b', '"', '","', '\\');
    const alike = fc.record({
      partnerKey: text,
      serviceName: text,
      customerId: text,
      orderId: text,
      purchasedAtMs: fc.constantFrom(1, 2),
      stamped: fc.boolean(),
    });
    fc.assert(
      fc.property(alike, alike, (one, other) => {
        const same = JSON.stringify(whatNamesIt(one)) === JSON.stringify(whatNamesIt(other));
        expect(purchaseKey(one) === purchaseKey(other)).toBe(same);
      }),
      { numRuns: 1000 },
    );
  });

  test('does not depend on the time where there is an order id', () => {
    fc.assert(
      fc.property(identities, fc.integer({ min: 0, max: 4e12 }), (purchase, laterMs) => {
        const order = { ...purchase, orderId: `o${purchase.orderId ?? ''}` };
        expect(purchaseKey({ ...order, purchasedAtMs: laterMs })).toBe(purchaseKey(order));
      }),
    );
  });
});

describe('signupKey', () => {
  test('names the customer and the service, and nothing else', () => {
    expect(signupKey('pk_acme', 'Acme CRM', '42')).toBe('["signup","pk_acme","Acme CRM","42"]');
    expect(signupKey('pk_acme', 'A","B', 'Größe 🚀')).toBe('["signup","pk_acme","A\\",\\"B","Größe 🚀"]');
  });

  test('is never the key of a purchase or a visit', () => {
    fc.assert(
      fc.property(identities, (purchase) => {
        const { partnerKey, serviceName, customerId, purchasedAtMs } = purchase;
        const key = signupKey(partnerKey, serviceName, customerId);
        expect([purchaseKey(purchase), visitKey(partnerKey, serviceName, purchasedAtMs)]).not.toContain(key);
      }),
    );
  });
});

describe('visitKey', () => {
  test('names the landing', () => {
    expect(visitKey('pk_acme', 'r_1', 1488362400000)).toBe('["visit","pk_acme","r_1",1488362400000]');
  });

  test('is never the key of a purchase', () => {
    fc.assert(
      fc.property(identities, fc.string(), (purchase, referral) => {
        expect(purchaseKey(purchase)).not.toBe(
          visitKey(purchase.partnerKey, referral, purchase.purchasedAtMs),
        );
      }),
    );
  });
});

test("an order's key names no customer, and is no purchase's", () => {
  expect(orderKey('pk_acme', 'Acme CRM', 'o-1')).toBe('["order","pk_acme","Acme CRM","o-1"]');
});

describe('refundKey', () => {
  const refund: RefundIdentity = {
    partnerKey: 'pk_acme',
    serviceName: 'Acme CRM',
    customerId: '42',
    orderId: 'o-1',
    purchasedAtMs: 1488362400000,
    amount: '5',
    currency: 'EUR',
  };

  test('names the order, the time and the money', () => {
    expect(refundKey(refund)).toBe(
      '["refund","pk_acme","Acme CRM","42","o-1","2017-03-01T10:00:00.000Z","5","EUR"]',
    );
  });
});
