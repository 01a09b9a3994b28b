import { createHmac } from 'node:crypto';
import { rm } from 'node:fs/promises';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startService } from '../../marketplace/support/service.ts';
import { createPaddleAccount } from '../processors/support/paddleAccount.ts';
import { createStripeAccount } from '../processors/support/stripeAccount.ts';
import { installKit, writeGuideApp } from './support/app.ts';
import { type ApiRequest, startProcessorApi } from './support/processorApi.ts';
import { startProgram } from './support/program.ts';

// Real servers in processes of their own, which a busy machine starts slowly.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;

beforeAll(async () => {
  folder = await installKit();
}, 180_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const referral = { id: 'Zk3vQmX0aB1cD2eF3gH4iJ', source: 'param', landedAt: 1_777_800_000_000 };
const dayMs = 86_400_000;
const webhookSecret = 'whsec_of_the_processor';

/** The real marketplace, and the guide's app with a processor's pretended API in place of the real one. */
async function start(guide: string, createChange: (api: string) => [string, string], answer: Answer) {
  const service = await startService();
  const { secret, rows } = await service.addProvider();
  const api = await startProcessorApi(answer);
  const { cwd, commands, promised } = await writeGuideApp(folder, guide, createChange(api));
  expect(commands).toContain('node server.js');
  const { url } = await startProgram(process.execPath, ['server.js'], {
    cwd,
    env: {
      ONRAMP_BASE_URL: service.baseUrl,
      ONRAMP_PARTNER_KEY: 'pk_acme',
      ONRAMP_SECRET: secret,
      STRIPE_SECRET_KEY: 'sk_test_none',
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      STRIPE_PRICE: 'price_1',
      PADDLE_API_KEY: 'pdl_none',
      PADDLE_CLIENT_TOKEN: 'test_none',
      PADDLE_WEBHOOK_SECRET: webhookSecret,
      PADDLE_PRICE: 'pri_1',
      PORT: '0',
    },
  });

  return {
    service,
    rows,
    promised,
    /** The buyer's way to the processor; resolves to where the browser is sent. */
    async subscribe(): Promise<string | null> {
      expect(await (await fetch(url)).text()).toContain('data-partner-key="pk_acme"');
      const body = new URLSearchParams({ referral: JSON.stringify(referral) });
      const response = await fetch(`${url}/subscribe`, { method: 'POST', body, redirect: 'manual' });
      expect(response.status).toBe(303);
      return response.headers.get('location');
    },
    /** The page after the payment, and what its tag sends, without the referral: the browser may have lost it. */
    async thank(query: string): Promise<void> {
      const page = await (await fetch(`${url}/thank-you?${query}`)).text();
      const attributes = [...page.matchAll(/data-([a-z-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name === 'track' ? 'event' : name.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase()),
        value,
      ]);
      const { now } = service.time;
      const message = { ...Object.fromEntries(attributes), purchasedAt: now, clock: now };
      const { status } = await service.post(message, { origin: 'https://acme.example' });
      expect([200, 201]).toContain(status);
    },
    /** Delivers the event; resolves to what the app answers. */
    async deliver(path: string, body: string, headers: Record<string, string>): Promise<number> {
      return (await fetch(url + path, { method: 'POST', body, headers })).status;
    },
  };
}

type Answer = (request: ApiRequest) => object | undefined;
type App = Awaited<ReturnType<typeof start>>;

/** One signup, one purchase with its referral, one renewal, and what was given back of the purchase. */
async function checkLedger(
  { rows, promised }: App,
  [purchase, renewal]: readonly (string | undefined)[],
): Promise<void> {
  // What the guide's table says, but for the ids that it can't know.
  for (const { event, customerId, amount, currency, trust } of promised) {
    const found = (await rows(`?event=${event}`)).map((row) => [
      row.customerId,
      row.amount,
      row.currency,
      row.trust,
    ]);
    expect(found).toContainEqual([customerId, amount, currency, trust]);
  }
  const customer = { serviceName: 'Acme CRM', customerId: 'c-1', trust: 'server' };
  expect(await rows('?event=signup')).toMatchObject([{ ...customer, referral: referral.id }]);
  expect(await rows('?event=purchase')).toMatchObject([
    {
      ...customer,
      orderId: purchase,
      amount: '49.90',
      currency: 'EUR',
      refunded: '15.00',
      referral: referral.id,
    },
  ]);
  expect(await rows('?event=renewal')).toMatchObject([
    { ...customer, orderId: renewal, amount: '49.90', currency: 'EUR', refunded: '49.90' },
  ]);
}

/** Each twice: backwards, as if all had waited, and then as they happened. */
const shuffle = <Event>(events: readonly Event[]): Event[] => [...events.toReversed(), ...events];

/** The guide's app on the pretended Stripe, and the account of a buyer who is sent to its Checkout. */
async function startStripe() {
  let account: ReturnType<typeof createStripeAccount> | undefined;
  const listOf = (data: readonly unknown[]) => ({ object: 'list', data, has_more: false, url: '' });

  const answer: Answer = ({ route, query, body }) => {
    if (route === 'POST /v1/checkout/sessions') {
      const fields = [...new URLSearchParams(body)];
      const below = (prefix: string) =>
        Object.fromEntries(
          fields.flatMap(([name, value]) =>
            name.startsWith(prefix) ? [[name.slice(prefix.length, -1), value]] : [],
          ),
        );
      expect(below('metadata[')).toEqual(below('subscription_data[metadata]['));
      account = createStripeAccount(below('subscription_data[metadata]['));
      return { id: 'cs_1', object: 'checkout.session', url: 'https://checkout.stripe.com/c/pay/cs_1' };
    }
    if (route === 'GET /v1/invoices') return listOf(account?.invoices ?? []);
    const [, kind, id] = /^GET \/v1\/(checkout\/sessions|charges)\/(\w+)$/.exec(route) ?? [];
    if (kind === 'checkout/sessions') return account?.sessions.find((session) => session.id === id);
    const payment = account?.payments.find(
      ({ charge }) =>
        charge.id === (id ?? query.get('charge')) ||
        charge.payment_intent === query.get('payment[payment_intent]'),
    );
    if (kind === 'charges') return payment?.charge;
    if (route === 'GET /v1/refunds') return listOf(payment?.refunds ?? []);
    if (route === 'GET /v1/disputes') return listOf(payment?.disputes ?? []);
    if (route !== 'GET /v1/invoice_payments') return undefined;
    expect(query.get('expand[0]')).toBe('data.invoice');
    return listOf(payment?.invoice ? [{ object: 'invoice_payment', invoice: payment.invoice }] : []);
  };

  const app = await start(
    'stripe',
    (api) => [
      'new Stripe(process.env.STRIPE_SECRET_KEY)',
      `new Stripe(process.env.STRIPE_SECRET_KEY, { host: '127.0.0.1', port: ${new URL(api).port}, protocol: 'http' })`,
    ],
    answer,
  );
  expect(await app.subscribe()).toBe('https://checkout.stripe.com/c/pay/cs_1');
  if (!account) throw new Error('no session was made');

  const { webhooks } = new Stripe('sk_test_none');
  const { events, time } = account;
  async function deliver(): Promise<void> {
    app.service.time.now = time.seconds * 1000;
    for (const event of shuffle(events)) {
      const payload = JSON.stringify({ object: 'event', ...event });
      const signature = webhooks.generateTestHeaderString({ payload, secret: webhookSecret });
      const forged = webhooks.generateTestHeaderString({ payload, secret: 'whsec_of_another' });
      expect(await app.deliver('/stripe-webhook', payload, { 'stripe-signature': signature })).toBe(200);
      expect(await app.deliver('/stripe-webhook', payload, { 'stripe-signature': forged })).toBe(400);
    }
  }
  return { app, account, deliver };
}

describe('docs/guides/stripe.md', () => {
  test('a trial, its payments, refunds and a dispute', async () => {
    const { app, account, deliver } = await startStripe();
    account.subscribe(4990, 14);
    await app.thank(`session=${account.sessions[0]?.id}`);

    account.time.seconds += (14 * dayMs) / 1000;
    const first = account.charge(4990);
    account.time.seconds += (30 * dayMs) / 1000;
    const second = account.charge(4990);
    account.time.seconds += 3600;
    account.refund(first, 1000);
    account.time.seconds += 3600;
    account.refund(first, 500);
    account.time.seconds += 3600;
    const failing = account.refund(first, 2000);
    account.time.seconds += 3600;
    account.failRefund(first, failing);
    const dispute = account.dispute(second, 4990);
    account.time.seconds += 3600;
    account.closeDispute(dispute, 'lost');
    await deliver();
    await checkLedger(app, [first.invoice?.id, second.invoice?.id]);
  });

  test('the page and the events of a first payment are one purchase', async () => {
    const { app, account, deliver } = await startStripe();
    account.subscribe(4990);
    await app.thank(`session=${account.sessions[0]?.id}`);
    await deliver();
    expect(await app.rows()).toMatchObject([
      {
        event: 'purchase',
        customerId: 'c-1',
        orderId: account.invoices[0]?.id,
        amount: '49.90',
        trust: 'server',
      },
    ]);
  });
});

/** The same with Paddle. */
async function startPaddle() {
  let account: ReturnType<typeof createPaddleAccount> | undefined;
  const pageOf = (data: readonly unknown[]) => ({
    data,
    meta: {
      request_id: '1',
      pagination: { per_page: 50, next: '', has_more: false, estimated_total: data.length },
    },
  });

  const answer: Answer = ({ route, query, body }) => {
    if (route === 'POST /transactions') {
      const { custom_data } = JSON.parse(body);
      account = createPaddleAccount(custom_data);
      const draft = {
        id: 'txn_1',
        items: [],
        payments: [],
        checkout: { url: 'https://acme.example/pay?_ptxn=txn_1' },
      };
      return { data: draft };
    }
    if (route === 'GET /transactions') return pageOf(account?.transactions ?? []);
    if (route === 'GET /adjustments') {
      return pageOf(
        account?.adjustments.filter((one) => one.transaction_id === query.get('transaction_id')) ?? [],
      );
    }
    const transaction = account?.transactions.find(({ id }) => route === `GET /transactions/${id}`);
    return transaction && { data: transaction };
  };

  const app = await start(
    'paddle',
    (api) => [
      'new Paddle(process.env.PADDLE_API_KEY)',
      `((real) => {
        globalThis.fetch = (url, init) => real(String(url).replace('https://api.paddle.com', '${api}'), init);
        return new Paddle(process.env.PADDLE_API_KEY);
      })(fetch)`,
    ],
    answer,
  );
  expect(await app.subscribe()).toBe('https://acme.example/pay?_ptxn=txn_1');
  if (!account) throw new Error('no transaction was made');

  const { events, time } = account;
  async function deliver(): Promise<void> {
    app.service.time.now = time.now;
    for (const event of shuffle(events)) {
      const body = JSON.stringify(event);
      const seconds = Math.floor(Date.now() / 1000);
      const sign = (secret: string) =>
        createHmac('sha256', secret).update(`${seconds}:${body}`).digest('hex');
      const headersBy = (secret: string) => ({ 'paddle-signature': `ts=${seconds};h1=${sign(secret)}` });
      expect(await app.deliver('/paddle-webhook', body, headersBy(webhookSecret))).toBe(200);
      expect(await app.deliver('/paddle-webhook', body, headersBy('of another'))).toBe(400);
    }
  }
  return { app, account, deliver };
}

describe('docs/guides/paddle.md', () => {
  test('a trial, its payments, refunds and a chargeback', async () => {
    const { app, account, deliver } = await startPaddle();
    const { id } = account.subscribe(4990, 14);
    await app.thank(`transaction=${id}`);

    account.time.now += 14 * dayMs;
    const first = account.charge(4990);
    account.time.now += 30 * dayMs;
    const second = account.charge(4990);
    for (const amount of [1000, 500]) {
      account.time.now += 3_600_000;
      const refund = account.adjust(first, 'refund', amount, 'pending_approval');
      account.time.now += 3_600_000;
      account.settle(refund, 'approved');
    }
    account.settle(account.adjust(first, 'refund', 2000, 'pending_approval'), 'rejected');
    account.adjust(second, 'chargeback', 4990, 'approved');
    await deliver();
    await checkLedger(app, [first.id, second.id]);
  });

  test('the page and the events of a first payment are one purchase', async () => {
    const { app, account, deliver } = await startPaddle();
    const { id } = account.subscribe(4990);
    await app.thank(`transaction=${id}`);
    await deliver();
    expect(await app.rows()).toMatchObject([
      { event: 'purchase', customerId: 'c-1', orderId: id, amount: '49.90', trust: 'server' },
    ]);
  });
});
