import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
// The package by its own name: what its exports lead to, with the types that are published.
import {
  type Account,
  createOnramp,
  createProvisionAccountHandler,
  type Onramp,
  type Password,
} from 'onramp-pixel/provider';
import { expect, test } from 'vitest';
import * as source from '../../src/provider/index.ts';
import * as paddleSource from '../../src/provider/paddle.ts';
import * as stripeSource from '../../src/provider/stripe.ts';
import { secret } from './support/client.ts';
import { order, signedCall } from './support/order.ts';

const dist = resolve(import.meta.dirname, '../../dist');

test('the package exports what the source does', async () => {
  const namesOf = (module: object) => Object.keys(module).sort();
  expect(namesOf(await import('onramp-pixel/provider'))).toEqual(namesOf(source));
  expect(namesOf(await import('onramp-pixel/stripe'))).toEqual(namesOf(stripeSource));
  expect(namesOf(await import('onramp-pixel/paddle'))).toEqual(namesOf(paddleSource));
});

test('the kit needs no other module, neither in code nor in types', () => {
  const names = ['provider', 'stripe', 'paddle'];
  for (const file of names.flatMap((name) => [`${name}.js`, `${name}.d.ts`])) {
    const text = readFileSync(resolve(dist, file), 'utf8');
    expect(text).not.toMatch(
      /^\s*(?:import|export) .*\bfrom\b|\bimport\(|\brequire\(|reference (?:types|lib)=/m,
    );
  }
});

test('it works as it is published, typed', async () => {
  const onramp: Onramp = createOnramp({ baseUrl: 'https://market.example', partnerKey: 'pk_acme', secret });
  const { sig } = await onramp.signPurchase({ serviceName: 'Acme CRM', customerId: 42 });
  expect(sig).toMatch(/^k7f3q9x2\.\d+\.[\w-]{43}$/);
  let account: Account<'email'> | undefined;
  const handler = createProvisionAccountHandler({
    secret,
    required: ['email'],
    provision: async (given) => {
      account = given;
      const email: string = given.email;
      // @ts-expect-error: what isn't required may be missing
      const company: string = given.company;
      const password: Password | undefined = given.password;
      return `${email} ${company} ${password}`;
    },
  });
  const response = await handler(new Request('https://acme.example/', signedCall(order)));
  expect(await response.json()).toEqual({ coid: 'ada@acme.example Acme [redacted]' });
  expect(account?.name).toBe(order.name);
});
