import { expect, test } from 'vitest';
import { isRegistered } from '../../../src/marketplace/providers/origin.ts';

const registered = ['https://acme.example', 'https://*.shop.example', 'http://*.localhost:3000'];

test.each([
  'https://acme.example',
  'https://a.shop.example',
  'https://a.b-c.shop.example',
  'https://xn--mnchen-3ya.shop.example',
  'http://a_b.localhost:3000',
])('%s is registered', (origin) => {
  expect(isRegistered(origin, registered)).toBe(true);
});

test.each([
  '',
  'null',
  'https://a.acme.example',
  'https://shop.example',
  'https://.shop.example',
  'https://evilshop.example',
  'https://a.shop.example.evil.example',
  'https://a.shop.example:8443',
  'http://a.shop.example',
  'http://a.localhost',
  'http://a.localhost:30001',
  'https://evil.example/.shop.example',
  'https://evil.example:1@a.shop.example',
  'https://evil.example?.shop.example',
])('%j is not', (origin) => {
  expect(isRegistered(origin, registered)).toBe(false);
});
