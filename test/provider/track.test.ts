import { expect, test } from 'vitest';
import { startService } from '../marketplace/support/service.ts';
import { createClient, failureOf, startMs } from './support/client.ts';
import { answer, reset, startServer } from './support/server.ts';

const purchase = { serviceName: 'Acme CRM', customerId: 'cust-1' };

/** The real service, and a client of a provider that it knows. */
async function startBoth() {
  const service = await startService();
  service.time.now = startMs;
  const { secret } = await service.addProvider();
  const client = createClient({ baseUrl: service.baseUrl, secret });
  const rows = () => service.list('/api/SaasTrackings', secret);
  return { service, secret, rows, ...client };
}

test('a purchase is stored with level server, and answered with its row', async () => {
  const { onramp, rows } = await startBoth();
  const result = await onramp.createSaasTracking({
    ...purchase,
    orderId: 1001,
    purchasedAt: new Date('2026-05-31T10:00:00Z'),
    amount: 49.9,
    currency: 'eur',
    referral: 'ref-1',
    referralSource: 'param',
    landedAt: 1_780_000_000_000,
    page: 'https://acme.example/thanks?customer=1',
  });
  const row = {
    orderId: '1001',
    purchasedAt: '2026-05-31T10:00:00.000Z',
    amount: '49.9',
    currency: 'EUR',
    referral: 'ref-1',
    referralSource: 'param',
    landedAt: 1_780_000_000_000,
    page: 'https://acme.example/thanks',
    trust: 'server',
  };
  expect(result).toMatchObject({ status: 'created', id: expect.any(String), purchase: row });
  expect(await rows()).toMatchObject([{ ...purchase, ...row }]);
});

test('each event is answered with its row, by its own name', async () => {
  const { onramp } = await startBoth();
  const paid = { ...purchase, orderId: 'in_2', amount: '20', currency: 'EUR' };
  const { signup } = await onramp.trackSignup(purchase);
  const { renewal } = await onramp.trackRenewal(paid);
  const { refund } = await onramp.trackRefund({ ...paid, amount: '5' });
  expect([signup, renewal, refund]).toMatchObject([
    { event: 'signup', levels: { customerId: 'server' } },
    { event: 'renewal', amount: '20' },
    { event: 'refund', amount: '5' },
  ]);
});

test.each([
  ['order id', { orderId: 'A-1001' }],
  ['time', { purchasedAt: '2026-05-31T12:00:00+02:00' }],
])('the browser and the server report one purchase by its %s, in either order', async (_name, identity) => {
  const { service, onramp, rows } = await startBoth();
  const pixel = { partnerKey: 'pk_acme', ...purchase, ...identity };
  const stamp = { purchasedAt: startMs, clock: startMs };
  expect(
    await service.post({ ...stamp, ...pixel, ...('purchasedAt' in identity && { clock: null }) }),
  ).toMatchObject({
    status: 201,
  });
  expect(await onramp.createSaasTracking({ ...purchase, ...identity })).toMatchObject({
    status: 'duplicate',
  });
  const other = { customerId: 'cust-2', ...identity, ...('orderId' in identity && { orderId: 'o-2' }) };
  expect(await onramp.createSaasTracking({ ...purchase, ...other })).toMatchObject({ status: 'created' });
  const late = await service.post({
    ...stamp,
    ...pixel,
    ...other,
    ...('purchasedAt' in identity && { clock: null }),
  });
  expect(late).toMatchObject({ status: 200 });
  expect(await rows()).toHaveLength(2);
});

test('stamped once: retries over midnight are one purchase, at the time of the first', async () => {
  const { baseUrl, received } = await startServer(
    answer(503, {}),
    reset,
    answer(200, { status: 'duplicate', id: '1' }),
  );
  const { onramp } = createClient({ baseUrl });
  await onramp.createSaasTracking(purchase);
  const bodies = received.map(({ body }) => JSON.parse(body));
  expect(bodies).toEqual([
    { partnerKey: 'pk_acme', event: 'purchase', ...purchase, purchasedAt: startMs, clock: startMs },
    { partnerKey: 'pk_acme', event: 'purchase', ...purchase, purchasedAt: startMs, clock: startMs + 250 },
    { partnerKey: 'pk_acme', event: 'purchase', ...purchase, purchasedAt: startMs, clock: startMs + 750 },
  ]);
});

test('a clock that is a year behind costs nothing', async () => {
  const { service, onramp, rows } = await startBoth();
  service.time.now = startMs + 365 * 86_400_000;
  await onramp.createSaasTracking(purchase);
  expect(await rows()).toMatchObject([{ purchasedAt: new Date(service.time.now).toISOString() }]);
});

test('what the marketplace leaves out is named, and told', async () => {
  const { service, secret } = await startBoth();
  const told: unknown[] = [];
  const { onramp } = createClient({
    baseUrl: service.baseUrl,
    secret,
    onIgnored: (fields, { call, sent }) => told.push([fields, call, sent.orderId]),
  });
  const page = `https://acme.example/${'thanks/'.repeat(60)}`;
  expect(await onramp.trackPurchase({ ...purchase, orderId: 'A-1', page })).toMatchObject({
    status: 'created',
    ignored: ['page'],
  });
  await onramp.trackPurchase({ ...purchase, orderId: 'A-1' });
  expect(told).toEqual([[['page'], 'trackPurchase', 'A-1']]);
});

test('a wrong secret, another amount and a wrong time are refused with their reasons', async () => {
  const { service, onramp } = await startBoth();
  const stranger = createClient({ baseUrl: service.baseUrl });
  expect(await failureOf(stranger.onramp.createSaasTracking(purchase))).toMatchObject({
    status: 401,
    problem: { type: 'urn:onramp:problem:wrong_secret' },
    requestId: expect.any(String),
  });
  await onramp.createSaasTracking({ ...purchase, orderId: 'A-1', amount: 10 });
  const corrected = onramp.createSaasTracking({ ...purchase, orderId: 'A-1', amount: 11 });
  expect(await failureOf(corrected)).toMatchObject({ status: 409, attempts: 1 });
  expect(await failureOf(onramp.createSaasTracking({ ...purchase, purchasedAt: 'soon' }))).toMatchObject({
    status: 400,
    errors: [{ pointer: '/purchasedAt' }],
  });
});

test('without a secret it is sent as anyone could', async () => {
  const { service, rows } = await startBoth();
  const { onramp } = createClient({ baseUrl: service.baseUrl, secret: null });
  expect(await onramp.createSaasTracking(purchase)).toEqual({ status: 'created', id: expect.any(String) });
  expect(await rows()).toMatchObject([{ trust: 'unsigned' }]);
});

test('what a template left unfilled is named before anything is sent', async () => {
  const { onramp, rows } = await startBoth();
  const wrong = { serviceName: '<%= name %>', customerId: 'null', orderId: 'undefined' };
  const errors = ['/serviceName', '/customerId', '/orderId'].map((pointer) => ({
    pointer,
    code: 'not_filled_in',
  }));
  expect(await failureOf(onramp.createSaasTracking(wrong))).toMatchObject({ reason: 'invalid', errors });
  expect(await rows()).toEqual([]);
});

test('what is missing is named before anything is sent', async () => {
  const { onramp, rows } = await startBoth();
  const nothing = { serviceName: '', customerId: '', purchasedAt: new Date(Number.NaN) };
  expect(await failureOf(onramp.createSaasTracking(nothing))).toMatchObject({
    reason: 'invalid',
    attempts: 0,
    errors: [{ pointer: '/serviceName' }, { pointer: '/customerId' }, { pointer: '/purchasedAt' }],
  });
  expect(await rows()).toEqual([]);
});

test("an account's life adds up, in any order and repeated", async () => {
  const { onramp, rows } = await startBoth();
  const money = { ...purchase, currency: 'EUR' };
  const at = (day: string) => new Date(`2026-05-${day}T10:00:00Z`);
  const life = [
    () => onramp.trackSignup({ ...purchase, purchasedAt: at('01') }),
    () => onramp.trackPurchase({ ...money, orderId: 'in_1', purchasedAt: at('08'), amount: '49.90' }),
    () => onramp.trackRenewal({ ...money, orderId: 'in_2', purchasedAt: at('15'), amount: '49.90' }),
    () => onramp.trackRefund({ ...money, orderId: 'in_1', purchasedAt: at('16'), amount: 10 }),
    () => onramp.trackRefund({ ...money, orderId: 'in_1', purchasedAt: at('17'), amount: 20 }),
  ];
  for (const call of [...life.toReversed(), ...life]) await call();
  const found = await rows();
  const of = (event: string) => found.filter((row) => row.event === event);
  expect(of('signup')).toMatchObject([{ ...purchase, trust: 'server' }]);
  expect(of('purchase')).toMatchObject([{ orderId: 'in_1', amount: '49.90', refunded: '20' }]);
  expect(of('renewal')).toMatchObject([{ orderId: 'in_2', amount: '49.90', levels: { amount: 'server' } }]);
  const [renewal] = of('renewal');
  expect(renewal?.refunded).toBeUndefined();
});
