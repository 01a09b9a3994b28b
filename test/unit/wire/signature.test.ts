import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxSignatureAgeSeconds, parseSignature, signedText } from '../../../src/wire/signature.ts';
import { anyUnits } from '../../support/anyText.ts';
import { signatureVectors } from '../../support/vectors.ts';

const mac = 'a'.repeat(43);

describe.each(signatureVectors)('$name', ({ secret, keyId, timestampSeconds, fields, text, token }) => {
  test('covers the literal text', () => {
    expect(signedText(keyId, timestampSeconds, fields)).toBe(text);
  });

  test('its token carries the HMAC-SHA256 of that text', () => {
    const expected = createHmac('sha256', secret).update(text, 'utf8').digest('base64url');
    expect(parseSignature(token)).toEqual({ keyId, timestampSeconds, mac: expected });
  });
});

test('a signature is believed for nine days: longer than a browser keeps a purchase', () => {
  expect(maxSignatureAgeSeconds).toBe(9 * 24 * 60 * 60);
});

describe('parseSignature', () => {
  test.each([
    '',
    '.',
    '..',
    mac,
    `k1.${mac}`,
    `k1.1488362400.${mac}.`,
    `k1.1488362400.${mac}a`,
    `k1.1488362400.${mac.slice(1)}`,
    `k1.1488362400.${mac.slice(1)}=`,
    `k1.1488362400.${mac.slice(1)}+`,
    `k1.-1.${mac}`,
    `k1.1e9.${mac}`,
    `k1.1.5.${mac}`,
    `k 1.1488362400.${mac}`,
    `${'k'.repeat(65)}.1488362400.${mac}`,
    ` k1.1488362400.${mac}`,
    `k1.1488362400.${mac}\n`,
  ])('refuses %j', (text) => {
    expect(parseSignature(text)).toBeUndefined();
  });

  test('never throws', () => {
    const parts = fc.array(anyUnits, { maxLength: 4 }).map((texts) => texts.join('.'));
    fc.assert(fc.property(parts, (text) => void parseSignature(text)));
  });
});
