import { expect, test } from 'vitest';
import {
  createOnramp,
  createProvisionAccountHandler,
  keepReferral,
  type Onramp,
} from '../../src/provider/index.ts';
import { fromPaddle } from '../../src/provider/paddle.ts';
import { fromStripe } from '../../src/provider/stripe.ts';
import { createClient, failureOf } from './support/client.ts';

/** What plain JavaScript hands over where an object is meant, with the words for it. */
const given: [string, string | undefined][] = [
  ['undefined', undefined],
  ['null', 'null'],
  ['"A-1"', '"A-1"'],
  ['a list', '[]'],
];

const parse = (json: string | undefined) => (json === undefined ? undefined : JSON.parse(json));

test.each(given)('a call that is given %s says what it takes', async (words, json) => {
  const { onramp } = createClient({ baseUrl: 'http://127.0.0.1:9' });
  const calls = ['trackPurchase', 'updateSubscription', 'signPurchase'] satisfies (keyof Onramp)[];
  for (const call of calls) {
    const { message, errors } = await failureOf(onramp[call](parse(json)));
    expect(errors).toMatchObject([{ pointer: '', code: 'wrong_type' }]);
    expect(message).toContain(`${call} takes an object, and was given ${words}.`);
  }
});

test('filters that are no object are told', async () => {
  const { onramp } = createClient({ baseUrl: 'http://127.0.0.1:9' });
  const { message } = await failureOf(onramp.listPurchases(parse('"A-1"')).next());
  expect(message).toContain('listPurchases takes an object, and was given "A-1".');
});

test.each(given)('options that are %s are told', (words, json) => {
  const makers = {
    createOnramp: () => createOnramp(parse(json)),
    keepReferral: () => keepReferral(new Request('https://acme.example/'), parse(json)),
    createProvisionAccountHandler: () => createProvisionAccountHandler(parse(json)),
  };
  for (const [name, make] of Object.entries(makers)) {
    expect(make).toThrow(new TypeError(`${name}: its options have to be an object, and are ${words}.`));
  }
});

test.each(given)('a payment processor has no event that is %s', (_words, json) => {
  const options = { serviceName: 'Acme CRM' };
  expect(() => fromStripe(parse(json), options)).toThrow(/^fromStripe: event has to be/);
  expect(() => fromPaddle(parse(json), options)).toThrow(/^fromPaddle: event has to be/);
});
