import { createSecretKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createReferrals } from '../../../src/marketplace/ledger/referral.ts';

const keyOf = (text: string) => createSecretKey(Buffer.from(text.padEnd(32)));
const referrals = createReferrals(keyOf('one'));
const origin = { providerId: 7, clickedAt: Date.UTC(2026, 4, 4), isForTests: false };
const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('a referral id', () => {
  test.each([
    origin,
    { ...origin, isForTests: true },
    { ...origin, providerId: 2 ** 32 - 1, clickedAt: 2 ** 48 - 1 },
    { providerId: 0, clickedAt: 0, isForTests: false },
  ])('says what it was minted with: %o', (minted) => {
    const id = referrals.mint(minted);
    expect(id).toMatch(/^[\w-]{36}$/);
    expect(referrals.read(id)).toEqual(minted);
  });

  test('is another one each time', () => {
    expect(new Set(Array.from({ length: 100 }, () => referrals.mint(origin))).size).toBe(100);
  });

  test('says nothing with any of its signs changed, nor with fewer or more', () => {
    const id = referrals.mint(origin);
    for (let at = 0; at < id.length; at++) {
      const sign = base64url[(base64url.indexOf(id[at] ?? '') + 1) % base64url.length];
      expect(referrals.read(id.slice(0, at) + sign + id.slice(at + 1))).toBeUndefined();
    }
    for (const wrong of [id.slice(1), `${id}A`, `${id}=`, ` ${id}`, '']) {
      expect(referrals.read(wrong)).toBeUndefined();
    }
  });

  test('says nothing by another key', () => {
    expect(createReferrals(keyOf('two')).read(referrals.mint(origin))).toBeUndefined();
  });

  test('can’t be put together of two, nor shows whose it is', () => {
    const [one, other] = [referrals.mint(origin), referrals.mint({ ...origin, providerId: 8 })];
    // Behind the time, which both have. Where they begin or end alike by chance, what is put together is one of them.
    for (let at = 9; at < one.length; at++) {
      const mixed = one.slice(0, at) + other.slice(at);
      if (mixed !== one && mixed !== other) expect(referrals.read(mixed)).toBeUndefined();
    }
    const ofProvider = (id: string) => Buffer.from(id, 'base64url').subarray(14, 19).toString('hex');
    expect(ofProvider(referrals.mint(origin))).not.toBe(ofProvider(one));
  });
});
