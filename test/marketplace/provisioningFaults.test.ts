// What the provider or the marketplace has to mend: no order ends by it, and no buyer reads of it.
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { certificate } from './support/certificate.ts';
import { buyer, openForm, password, startOrdering, tokenIn } from './support/ordering.ts';
import {
  accounts,
  answer,
  type Behaviour,
  inTurn,
  refusingUrl,
  startProviderEndpoint,
} from './support/providerEndpoint.ts';

/** Of the protocol and of how the two ends are set up: nothing that a buyer can do anything about. */
const protocolWords = /\b(30\d|4\d\d|signature|secret|redirect|certificate|TLS|HTTP|endpoint|correct it)\b/i;

const away = { location: 'https://acme.example/new?token=t0k3n' };
const faulty: [string, Behaviour, object][] = [
  ['301', answer(301, '', away), { fault: 'redirected' }],
  ['302', answer(302, '', away), { fault: 'redirected' }],
  ['307', answer(307, '', away), { fault: 'redirected' }],
  ['308', answer(308, '', away), { fault: 'redirected' }],
  ['401', answer(401, { detail: 'Signature wrong.' }), { fault: 'unauthorized' }],
  ['400 on the signature', answer(400, { error: 'Invalid signature' }), { fault: 'unauthorized' }],
  ['400 on the signature as text', answer(400, 'No matching signature found'), { fault: 'unauthorized' }],
  ['402', answer(402), { fault: 'not_accepted' }],
  ['403', answer(403, '<h1>Forbidden</h1>'), { fault: 'forbidden' }],
  ['404', answer(404, '<h1>Not found</h1>'), { fault: 'not_found' }],
  ['405', answer(405, '', { allow: 'GET' }), { fault: 'method_not_allowed' }],
  ['410', answer(410), { fault: 'not_found' }],
  ['413', answer(413, 'x'.repeat(1024 * 1024)), { fault: 'not_accepted' }],
  ['415', answer(415), { fault: 'not_accepted' }],
];

/** Whether the provider is idempotent plays no part: one fault of each kind is enough for that. */
const providers = [
  { idempotent: false, faults: faulty },
  {
    idempotent: true,
    faults: faulty.filter(([name]) => ['302', '400 on the signature', '404'].includes(name)),
  },
];

describe.each(providers)('where the provider is idempotent: $idempotent', ({ idempotent, faults }) => {
  test.each(faults)('%s waits for a person, and goes on once it is mended', async (_name, behave, fault) => {
    const { made, create } = accounts({ idempotent });
    const endpoint = await startProviderEndpoint(inTurn(behave, create));
    const ordering = await startOrdering({ url: endpoint.url, idempotent });
    const token = await ordering.placeOrder();
    const order = await ordering.becomes(token, { status: 'needs_attention', ...fault });
    expect(order.attempts).toMatchObject([{ outcome: 'misconfigured' }]);
    expect(order.failure).toBeUndefined();
    expect(JSON.stringify(order.attempts)).not.toContain('t0k3n');
    const page = (await ordering.page(token)).replace(/<style>.*<\/style>/s, '');
    expect(page).toContain('We are taking care of your order');
    expect(page).not.toMatch(protocolWords);
    expect(endpoint.calls).toHaveLength(1);

    const { store, time } = ordering.service;
    await store.changeOrder(order, { status: 'waiting', nextAt: time.now }, ['needs_attention'], time.now);
    expect(await ordering.becomes(token, { status: 'succeeded' })).toMatchObject({ fault: undefined });
    expect(made).toHaveLength(1);
    // It is the same order still, for a provider that goes by either.
    const keys = endpoint.calls.flatMap(({ headers }) => [headers['webhook-id'], headers['idempotency-key']]);
    expect(new Set(keys)).toEqual(new Set([order.id]));
  });
});

describe('a refusal of a field', () => {
  const demand = (...fields: string[]) =>
    answer(422, {
      errors: fields.map((field) => ({ pointer: `/${field}`, detail: `${field} is required` })),
    });

  test.each([['company'], ['resellerkey'], ['company', 'phone']])(
    'that no buyer was asked waits for a person: %s %s',
    async (...fields) => {
      const { create } = accounts({ idempotent: false });
      const endpoint = await startProviderEndpoint(inTurn(demand(...fields), create));
      const ordering = await startOrdering({ url: endpoint.url });
      const token = await ordering.placeOrder();
      const order = await ordering.becomes(token, {
        status: 'needs_attention',
        fault: 'form_incomplete',
      });
      expect(order.attempts[0]?.reason).toBe(
        `it answered 422 on ${fields.join(', ')}, which the order form does not ask`,
      );
      expect(await ordering.page(token)).toContain('We are taking care of your order');

      // Once the form asks for it, the order's page does.
      const { store, time } = ordering.service;
      await openForm(store, 'pk_acme', { path: 'acme', url: endpoint.url, required: ['company'] });
      await store.changeOrder(order, { status: 'failed' }, ['needs_attention'], time.now);
      const page = await ordering.page(token);
      expect(page).toContain('<label for="company">');
      const next = tokenIn(page);
      await ordering.submit(next, { ...buyer, company: 'Engines' });
      await ordering.becomes(next, { status: 'succeeded' });
    },
  );

  test('beside one that was asked is for the buyer to correct', async () => {
    const endpoint = await startProviderEndpoint(demand('company', 'email'));
    const ordering = await startOrdering({ url: endpoint.url });
    await ordering.becomes(await ordering.placeOrder(), { status: 'failed' });
  });
});

describe('an encrypted endpoint', () => {
  test('whose certificate nobody trusts gets nothing at all, and waits for a person', async () => {
    const endpoint = await startProviderEndpoint(answer(201, { coid: 'c-1' }), { secure: true });
    const ordering = await startOrdering({ url: endpoint.url, idempotent: true });
    const order = await ordering.becomes(await ordering.placeOrder(), { status: 'needs_attention' });
    expect(order).toMatchObject({
      fault: 'tls',
      attempts: [{ outcome: 'misconfigured', reason: 'its certificate is self-signed' }],
    });
    expect(endpoint.calls).toEqual([]);
  });

  test('whose certificate is trusted makes the account', async () => {
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, certificate.cert]);
    onTestFinished(() => setDefaultCACertificates(trusted));
    const endpoint = await startProviderEndpoint(answer(201, { coid: 'c-1' }), { secure: true });
    const ordering = await startOrdering({ url: endpoint.url });
    await ordering.becomes(await ordering.placeOrder(), { status: 'succeeded', coid: 'c-1' });
  });

  test('that speaks no TLS is told so', async () => {
    const { url } = await startProviderEndpoint(answer(201, { coid: 'c-1' }));
    const ordering = await startOrdering({ url: url.replace('http:', 'https:') });
    const order = await ordering.becomes(await ordering.placeOrder(), { status: 'needs_attention' });
    expect(order.attempts).toMatchObject([{ reason: 'it does not speak TLS at that port' }]);
  });
});

test('what an order that goes on waits for is known before it is given up', async () => {
  const ordering = await startOrdering({ url: (await refusingUrl()).url });
  const token = await ordering.placeOrder();
  for (const attempts of [1, 2, 3]) {
    await ordering.becomes(token, { status: 'under_way', attempts: { length: attempts } });
    await ordering.untilDue(token);
  }
  await ordering.becomes(token, { status: 'waiting', fault: 'unreachable' });
  const page = await ordering.page(token);
  expect(page).toContain('keep trying');
});

test('after an attempt that may have made the account, it is known what to mend, too', async () => {
  const endpoint = await startProviderEndpoint(inTurn(answer(500), answer(401)));
  const ordering = await startOrdering({ url: endpoint.url, idempotent: true });
  const token = await ordering.placeOrder();
  await ordering.becomes(token, { attempts: { length: 1 } });
  await ordering.untilDue(token);
  await ordering.becomes(token, { status: 'undecided', fault: 'unauthorized' });
});

test('the log warns once of what has to be mended, without a word of the buyer', async () => {
  const endpoint = await startProviderEndpoint(answer(401, { detail: `${buyer.email}?` }));
  const ordering = await startOrdering({ url: endpoint.url });
  const { id } = await ordering.becomes(await ordering.placeOrder(), { status: 'needs_attention' });
  const warnings = ordering.service.logLines
    .map((line) => JSON.parse(line))
    .filter(({ level }) => level === 40);
  expect(warnings).toMatchObject([
    { msg: 'order is stuck', orderId: id, partnerKey: 'pk_acme', fault: 'unauthorized', status: 401 },
  ]);
  expect(ordering.service.logLines.join('')).not.toContain('ada@');
});

describe('the password of an order that waits for a person', () => {
  async function startWaiting() {
    const { create } = accounts({ idempotent: false });
    const endpoint = await startProviderEndpoint(inTurn(answer(401), create));
    const ordering = await startOrdering({ url: endpoint.url, required: ['password'] });
    const token = await ordering.placeOrder({ ...buyer, password });
    const order = await ordering.becomes(token, { status: 'needs_attention' });
    const { store, time } = ordering.service;
    const retry = () =>
      store.changeOrder(order, { status: 'waiting', nextAt: time.now }, ['needs_attention'], time.now);
    return { ...ordering, endpoint, token, time, retry };
  }

  test('is there when it is sent again', async () => {
    const { becomes, endpoint, token, time, retry } = await startWaiting();
    time.now += 3_600_000;
    await retry();
    await becomes(token, { status: 'succeeded' });
    expect(endpoint.calls.map(({ json }) => json.password)).toEqual([password, password]);
  });

  test('is forgotten after 3 days, and asked for anew when it is sent again', async () => {
    const { becomes, endpoint, order, page, token, time, retry } = await startWaiting();
    expect(await order(token)).toMatchObject({ nextAt: time.now + 72 * 3_600_000 });
    time.now += 72 * 3_600_000;
    await becomes(token, { status: 'needs_attention', nextAt: undefined, heldUntil: undefined });
    expect(await page(token)).toContain('We are taking care of your order');
    await retry();
    time.now += 31_000;
    await becomes(token, { status: 'needs_password' });
    expect(endpoint.calls).toHaveLength(1);
  });
});
