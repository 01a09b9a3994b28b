import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../../src/marketplace/store/errors.ts';
import { fieldNames } from '../../src/wire/account.ts';
import {
  buyer,
  type OrderingOptions,
  password,
  postForm,
  startOrdering,
  tokenIn,
} from './support/ordering.ts';
import { accounts, answer, refusingUrl, startProviderEndpoint } from './support/providerEndpoint.ts';
import type { Service } from './support/service.ts';

const all = {
  name: 'Ada Lovelace',
  email: 'ada@buyer.example',
  username: 'ada',
  password,
  company: 'Analytical Engines',
  phone: '+44 20 7946 0000',
  address1: '12 St James’s Square',
  address2: 'Floor 2',
  zip: 'SW1Y 4JH',
  state: 'London',
  country: 'United Kingdom',
};
const script = '"><script>alert(1)</script>\'&amp;';
const escaped = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;amp;';

async function startAcme(options: Partial<OrderingOptions> = {}) {
  const { made, create } = accounts({ idempotent: false });
  const endpoint = await startProviderEndpoint(create);
  return { made, endpoint, ...(await startOrdering({ url: endpoint.url, ...options })) };
}

/** The tags of the page's fields by their names. */
function inputs(page: string): Record<string, string> {
  const tags = [...page.matchAll(/<input[^>]*>/g)].map(([tag]) => tag);
  return Object.fromEntries(tags.map((tag) => [/ name="(\w+)"/.exec(tag)?.[1] ?? '', tag]));
}

/** Not by fetch, which lets nobody say by which name it calls a host. */
async function postAs(
  { baseUrl }: Service,
  path: string,
  body: URLSearchParams,
  headers: Record<string, string>,
) {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const posting = request(baseUrl + path, { method: 'POST', headers: { ...type, ...headers } });
  posting.end(body.toString());
  const [response] = await once(posting, 'response');
  return { status: response.statusCode, page: await text(response) };
}

test('a form asks what its provider chose, in a way that browsers can help with', async () => {
  const { service } = await startAcme({ required: ['password', 'company'], fields: ['phone', 'zip'] });
  const { status, headers, body } = await service.send('/order/acme');
  const page = String(body.text);
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const fields = inputs(page);
  expect(Object.keys(fields)).toEqual(['order', 'name', 'email', 'password', 'company', 'phone', 'zip']);
  for (const name of ['name', 'email', 'password', 'company']) expect(fields[name]).toMatch(/ required\b/);
  for (const name of ['phone', 'zip']) expect(fields[name]).not.toMatch(/ required\b/);
  for (const name of Object.keys(fields).slice(1)) {
    expect(page).toContain(`<label for="${name}">`);
    expect(fields[name]).toContain(`id="${name}"`);
  }
  expect(fields.email).toContain('type="email" autocomplete="email"');
  expect(fields.email).toContain('inputmode="email"');
  expect(fields.phone).toContain('inputmode="tel"');
  expect(fields.zip).toContain('autocomplete="postal-code"');
  expect(fields.password).toContain('type="password" autocomplete="new-password"');
  expect(page).toContain('<html lang="en">');
});

const strictPolicy =
  /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/;

test('pages run no script, load nothing from elsewhere and are kept nowhere', async () => {
  const { service, placeOrder, becomes } = await startAcme();
  const token = await placeOrder();
  await becomes(token, { status: 'succeeded' });
  for (const path of ['/order/acme', `/orders/${token}`, '/order/nothing', '/orders/nothing']) {
    const { headers, body } = await service.send(path);
    expect(headers.get('content-security-policy')).toMatch(strictPolicy);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(body.text).not.toMatch(/<script|https?:|<link|style=/);
  }
});

test('the page of an order that goes on runs its own script and no other', async () => {
  const { service, placeOrder } = await startOrdering({ url: (await refusingUrl()).url });
  const { headers, body } = await service.send(`/orders/${await placeOrder()}`);
  const scripts = [...String(body.text).matchAll(/<script type="module">(.*?)<\/script>/gs)].map(
    ([, source]) => source,
  );
  expect(scripts).toHaveLength(1);
  const hash = createHash('sha256')
    .update(scripts[0] ?? '')
    .digest('base64');
  const policy = headers.get('content-security-policy') ?? '';
  const own = `; script-src 'sha256-${hash}'; connect-src 'self'`;
  expect(policy).toContain(own);
  expect(policy.replace(own, '')).toMatch(strictPolicy);
  expect(body.text).not.toMatch(/https?:|<link|style=|http-equiv/);
});

test('everything that is asked reaches the provider, as it was entered', async () => {
  const required = fieldNames.filter((name) => name !== 'name' && name !== 'email');
  const ordering = await startAcme({ required, resellerKey: 'rk-1' });
  await ordering.becomes(await ordering.placeOrder(all), { status: 'succeeded' });
  expect(ordering.made.map(({ json }) => json)).toEqual([{ ...all, resellerkey: 'rk-1' }]);
});

test('what is left empty or not asked is not sent', async () => {
  const ordering = await startAcme({ fields: ['phone'] });
  const entered = {
    ...buyer,
    phone: '  ',
    company: 'Not asked',
    resellerkey: 'made-up',
    password: 'not-asked',
  };
  await ordering.becomes(await ordering.placeOrder(entered), { status: 'succeeded' });
  expect(ordering.made.map(({ json }) => json)).toEqual([buyer]);
});

test('texts are trimmed, a password is not', async () => {
  const ordering = await startAcme({ required: ['password'] });
  const token = await ordering.placeOrder({ name: ' Ada ', email: ' ada@buyer.example ', password: ' p ' });
  await ordering.becomes(token, { status: 'succeeded' });
  expect(ordering.made[0]?.json).toEqual({ name: 'Ada', email: 'ada@buyer.example', password: ' p ' });
});

test.each([
  ['name', '', 'Enter your name'],
  ['name', ' ', 'Enter your name'],
  ['name', 'x'.repeat(201), 'Use at most 200 characters'],
  ['name', 'Ada\nLovelace', 'Use letters, digits and signs only'],
  ['email', 'ada', 'Enter an email address, like name@example.com'],
  ['email', 'ada@buyer example', 'Enter an email address, like name@example.com'],
  ['phone', 'none', 'Enter a phone number, like +1 555 0100'],
  ['password', '', 'Enter your password'],
])('%s "%s" is refused with "%s"', async (name, value, error) => {
  const { service, openForm, submit, endpoint } = await startAcme({
    required: ['password'],
    fields: ['phone'],
  });
  const token = await openForm();
  const { status, page } = await submit(token, { ...buyer, password, [name]: value });
  expect(status).toBe(422);
  expect(page).toMatch(/<title>Error: /);
  expect(page).toContain(`<li><a href="#${name}">`);
  expect(page).toContain(`: ${error}</a></li>`);
  expect(page).toContain(`<p class="error" id="${name}-error">${error}</p>`);
  const fields = inputs(page);
  expect(fields[name]).toMatch(new RegExp(`aria-invalid="true"\\s+aria-describedby="[^"]*${name}-error"`));
  // What was entered is still there, but for the password; and it is the same order.
  expect(fields[name === 'email' ? 'name' : 'email']).toMatch(/ value="(Ada Lovelace|ada@buyer.example)"/);
  expect(fields.password).not.toContain('value=');
  expect(page).not.toContain('zq7x');
  expect(tokenIn(page)).toBe(token);
  expect(await service.store.findOrderByToken(token)).toBeUndefined();
  expect(endpoint.calls).toEqual([]);
});

test('the form sent twice, or ten times at once, is one order and one account', async () => {
  const ordering = await startAcme();
  const token = await ordering.openForm();
  const answers = await Promise.all(Array.from({ length: 10 }, () => ordering.submit(token)));
  await ordering.becomes(token, { status: 'succeeded' });
  answers.push(await ordering.submit(token));
  expect(new Set(answers.map(({ status, headers }) => `${status} ${headers.get('location')}`))).toEqual(
    new Set([`303 ../orders/${token}`]),
  );
  expect(ordering.made).toHaveLength(1);
  expect(await ordering.service.store.listOrders({ limit: 10 })).toHaveLength(1);
});

test('a form that was sent before with other details asks whether another account is meant', async () => {
  const ordering = await startAcme();
  const token = await ordering.placeOrder();
  const { status, page } = await ordering.submit(token, { ...buyer, name: 'Grace Hopper' });
  expect(status).toBe(409);
  expect(page).toContain(`href="../orders/${token}"`);
  expect(inputs(page).name).toContain('value="Grace Hopper"');
  expect(tokenIn(page)).not.toBe(token);
  await ordering.becomes(token, { status: 'succeeded' });
  expect(ordering.made).toHaveLength(1);
});

test('what buyers enter and providers say is text, wherever it is shown', async () => {
  const endpoint = await startProviderEndpoint(
    answer(422, { detail: `${script} detail`, errors: [{ pointer: '/name', detail: `${script} name` }] }),
  );
  const ordering = await startOrdering({ url: endpoint.url });
  const invalid = await ordering.submit(await ordering.openForm(), { name: script, email: script });
  expect(invalid.page).toContain(`value="${escaped}"`);
  const token = await ordering.placeOrder({ ...buyer, name: script });
  await ordering.becomes(token, { status: 'failed' });
  const page = await ordering.page(token);
  for (const text of ['detail', 'name']) expect(page).toContain(`${escaped} ${text}`);
  expect(page).toContain(`value="${escaped}"`);
  for (const shown of [page, invalid.page]) expect(shown).not.toContain('<script');
});

test('a refused order can be corrected and sent again, as an order of its own', async () => {
  const endpoint = await startProviderEndpoint(
    answer(422, {
      detail: 'Please check.',
      errors: [{ pointer: '/email', detail: 'This address is taken.' }],
    }),
  );
  const ordering = await startOrdering({ url: endpoint.url, required: ['password'] });
  const token = await ordering.placeOrder({ ...buyer, password });
  await ordering.becomes(token, { status: 'failed' });
  const page = await ordering.page(token);
  expect(page).toContain('<p>Please check.</p>');
  expect(page).toContain('<a href="#email">Email address: This address is taken.</a>');
  expect(page).toContain('action="../order/acme"');
  expect(inputs(page).email).toContain('value="ada@buyer.example"');
  expect(inputs(page).password).not.toContain('value=');
  const next = tokenIn(page);
  expect(next).not.toBe(token);

  const { create } = accounts({ idempotent: false });
  endpoint.state.behave = create;
  await ordering.submit(next, { ...buyer, email: 'ada@other.example', password });
  await ordering.becomes(next, { status: 'succeeded', coid: 'acme-1' });
  const [first, second] = endpoint.calls.map(({ headers }) => headers['webhook-id']);
  expect(first).not.toBe(second);
});

test('a long answer is cut, and cannot turn the page around', async () => {
  const endpoint = await startProviderEndpoint(
    answer(400, { detail: `a\u202Eb\n\tc ${'x'.repeat(10_000)}` }),
  );
  const ordering = await startOrdering({ url: endpoint.url });
  const order = await ordering.becomes(await ordering.placeOrder(), { status: 'failed' });
  expect(order.failure?.detail).toBe(`ab c ${'x'.repeat(494)}…`);
});

test('the page of an order tells each state, and looks again only while something goes on', async () => {
  const { url } = await refusingUrl();
  const ordering = await startOrdering({ url });
  const token = await ordering.placeOrder();
  await ordering.becomes(token, { attempts: { length: 1 } });
  expect(await ordering.page(token)).toMatch(/data-look-again-seconds="2".*is being created/s);
  const order = await ordering.order(token);
  const { changeOrder } = ordering.service.store;
  const { now } = ordering.service.time;
  await changeOrder(order, { status: 'waiting', nextAt: now + 3_600_000 }, ['under_way'], now);
  expect(await ordering.page(token)).toMatch(/data-look-again-seconds="30".*keep trying/s);
  await changeOrder(order, { status: 'undecided' }, ['waiting'], now);
  const undecided = await ordering.page(token);
  expect(undecided).toContain('We are looking into your order');
  await changeOrder(order, { status: 'succeeded', coid: script }, ['undecided'], now);
  const succeeded = await ordering.page(token);
  expect(succeeded).toContain(`<dd>${escaped}</dd>`);
  for (const page of [undecided, succeeded]) expect(page).not.toContain('data-look-again');
});

test.each([
  ['an unknown form', '/order/nothing', {}, 404],
  ['an order without a token', '/order/acme', buyer, 400],
  ['an order with a token that is none', '/order/acme', { ...buyer, order: "' or 1=1 --" }, 400],
  ['an unknown order', '/orders/nothing', {}, 404],
  ['too much', '/order/acme', { name: 'x'.repeat(20_000) }, 413],
])('%s is a page, not a problem for programs', async (_name, path, fields, status) => {
  const { service } = await startAcme();
  const answered = await postForm(service.baseUrl, path, fields);
  expect(answered.status).toBe(status);
  expect(answered.page).toMatch(/^<!doctype html>.*<h1>/s);
});

describe('a form', () => {
  /** Posts to the form and to the order's page as a browser would that sends these headers. */
  async function postBoth(headers: Record<string, string>) {
    const { service, openForm, endpoint } = await startAcme();
    const order = await openForm();
    const body = new URLSearchParams({ ...buyer, order });
    const form = await postAs(service, '/order/acme', body, headers);
    const password = await postAs(service, `/orders/${order}`, body, headers);
    return { form, password, endpoint, order: await service.store.findOrderByToken(order) };
  }

  test.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a site beside this one', { 'sec-fetch-site': 'same-site' }],
    ['another site in its own name', { 'sec-fetch-site': 'cross-site', origin: 'https://market.example' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: 'https://market.example:8443' }],
    ['a page that hides its origin', { origin: 'null' }],
    ['an origin that is none', { origin: 'market.example' }],
    ['one that is called almost so', { origin: 'https://market.example.evil.example' }],
  ])('that %s sends is refused with a page', async (_name, headers) => {
    const { form, password, endpoint, order } = await postBoth({ host: 'market.example', ...headers });
    expect([form.status, password.status]).toEqual([403, 403]);
    expect(form.page).toMatch(/^<!doctype html>.*<h1>This form was not sent<\/h1>/s);
    expect([order, endpoint.calls]).toEqual([undefined, []]);
  });

  test.each<[string, Record<string, string>]>([
    ['says nothing', {}],
    ['says that it is the same', { 'sec-fetch-site': 'same-origin', origin: 'https://market.example' }],
    ['was typed', { 'sec-fetch-site': 'none' }],
    ['names the origin', { origin: 'https://market.example' }],
    ['names its usual port', { origin: 'https://market.example', host: 'market.example:443' }],
    [
      'came by a proxy that renamed it',
      { origin: 'https://market.example', host: '127.0.0.1:4747', 'x-forwarded-host': 'market.example' },
    ],
  ])('whose page %s is taken', async (_name, headers) => {
    const { form, password, order } = await postBoth({ host: 'market.example', ...headers });
    expect([form.status, password.status]).toEqual([303, 303]);
    expect(order).toBeDefined();
  });
});

test('a provider that takes no orders has a page that says so', async () => {
  const { service, submit, openForm } = await startAcme();
  const token = await openForm();
  await service.store.changeProvider('pk_acme', { disabled: true });
  for (const page of [await service.send('/order/acme'), await submit(token)]) {
    expect(page.status).toBe(503);
  }
  expect(await service.store.findOrderByToken(token)).toBeUndefined();
});

test.each(['/order/acme', '/orders/'])('HEAD of %s is what GET would say', async (path) => {
  const { service, placeOrder } = await startAcme();
  const address = path === '/orders/' ? path + (await placeOrder()) : path;
  const { status, headers, body } = await service.send(address, { method: 'HEAD' });
  expect([status, headers.get('content-type'), body.text]).toEqual([200, 'text/html; charset=utf-8', '']);
});

test('where an order cannot be stored, nobody is called and the buyer is told so', async () => {
  let isDown = true;
  const ordering = await startAcme({
    wrapStore: (store) => ({
      ...store,
      createOrder: async (order) => {
        if (isDown) throw new StoreUnavailableError('disk full');
        return await store.createOrder(order);
      },
    }),
  });
  const token = await ordering.openForm();
  const refused = await ordering.submit(token);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect(refused.page).toContain('Nothing was ordered');
  expect(ordering.endpoint.calls).toEqual([]);
  // Loading the page again sends the same form.
  isDown = false;
  expect((await ordering.submit(token)).status).toBe(303);
  await ordering.becomes(token, { status: 'succeeded' });
});

test('links lead on from wherever a proxy has put the service', async () => {
  const { service, openForm } = await startAcme();
  const fields = { ...buyer, order: await openForm() };
  const { headers } = await postForm(service.baseUrl, '/order/acme/', fields);
  const location = headers.get('location') ?? '';
  expect(new URL(location, 'https://market.example/onramp/order/acme/').pathname).toBe(
    `/onramp/orders/${fields.order}`,
  );
});
