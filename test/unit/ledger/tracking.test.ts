import { expect, test } from 'vitest';
import {
  detailNames,
  identityDetails,
  isPayment,
  isProven,
  isStronger,
} from '../../../src/marketplace/ledger/tracking.ts';
import { events, levels } from '../../../src/wire/fields.ts';

test('each level is stronger than those before it', () => {
  for (const [rank, level] of levels.entries()) {
    expect(levels.map((other) => isStronger(level, other))).toEqual(levels.map((_, other) => rank > other));
  }
});

test('a signature and the secret are the provider’s own word', () => {
  expect(levels.filter(isProven)).toEqual(['signed', 'server']);
});

test('purchases and renewals are paid for', () => {
  expect(events.filter(isPayment)).toEqual(['purchase', 'renewal']);
});

test('a signup has its order as a detail, a visit its service', () => {
  expect(identityDetails).toEqual({ signup: 'orderId', visit: 'serviceName' });
  for (const name of Object.values(identityDetails)) expect(detailNames).toContain(name);
});
