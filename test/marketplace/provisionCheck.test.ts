// The check of a provider's endpoint says what is wrong before a buyer finds out, and can order nothing.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSecret } from '../../src/marketplace/providers/secret.ts';
import { commandsFor } from '../../src/marketplace/provisioning/advice.ts';
import { type Check, checkEndpoint } from '../../src/marketplace/provisioning/check.ts';
import {
  createProvisionAccountHandler,
  type ProvisionAccountOptions,
  toNodeListener,
} from '../../src/provider/index.ts';
import { verifyWebhook } from '../../src/provider/webhook.ts';
import { createCommandLine } from './support/command.ts';
import {
  answer,
  type Behaviour,
  type ReceivedCall,
  refusingUrl,
  startProviderEndpoint,
} from './support/providerEndpoint.ts';

const key = createSecret(Date.now());

async function check(provisionUrl: string | undefined, { timeoutMs = 10_000, secrets = [key] } = {}) {
  const provider = { disabled: false, provisionUrl, secrets };
  const means = commandsFor('pk_acme');
  return await checkEndpoint({ provider, means, hasForm: true, clock: Date.now, timeoutMs });
}

/** As "problem: wrong_refusal", in their order. */
const told = ({ findings }: Check) => findings.map(({ severity, code }) => `${severity}: ${code}`);

const isSignedBy = async (secret: string, { headers, body }: ReceivedCall) =>
  await verifyWebhook({
    secret,
    headers: new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.from(body),
    now: Date.now(),
  }).then(
    () => true,
    () => false,
  );

/** Behaves in one way where the signature is right, and in another where it is wrong. */
function verifying(right: Behaviour, wrong: Behaviour = answer(401)): Behaviour {
  return (response, call, socket) =>
    void isSignedBy(key.secret, call).then((isRight) => (isRight ? right : wrong)(response, call, socket));
}

describe('an endpoint that uses the kit', () => {
  async function startKit(options: Partial<ProvisionAccountOptions> = {}, clock = Date.now) {
    const accounts: unknown[] = [];
    const handler = createProvisionAccountHandler(
      { secret: key.secret, provision: async (account) => `kit-${accounts.push(account)}`, ...options },
      clock,
    );
    const server = createServer(toNodeListener(handler)).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, accounts };
  }

  test('is fine, and no account is made, even where it requires no field', async () => {
    const { url, accounts } = await startKit();
    const { findings, probes } = await check(url);
    expect(findings).toEqual([]);
    expect(probes).toMatchObject([
      { signature: 'wrong', probe: { status: 401 } },
      { signature: 'right', probe: { status: 400 } },
    ]);
    expect(accounts).toEqual([]);
  });

  test('with another secret is told so', async () => {
    const { url } = await startKit({ secret: createSecret(0).secret });
    const { findings } = await check(url);
    expect(findings).toMatchObject([{ severity: 'problem', code: 'unauthorized' }]);
    expect(findings[0]?.detail).toMatch(/^It answered 401: .*It says: “No signature in webhook-signature/);
    expect(findings[0]?.remedy).toContain('provider rotate pk_acme');
  });

  test('whose clock is wrong is told so', async () => {
    const { url } = await startKit({}, () => Date.now() + 3_600_000);
    const { findings } = await check(url);
    expect(findings).toMatchObject([
      { code: 'unauthorized', detail: expect.stringContaining('in the past') },
    ]);
  });
});

/** The endpoint, what is told of it, and how often it is called. */
const endpoints: [string, Behaviour, string[], number][] = [
  ['refuses with 403 and 422', verifying(answer(422), answer(403)), [], 2],
  [
    'refuses a signature with 400, in words',
    verifying(answer(422), answer(400, 'Bad signature')),
    ['warning: wrong_refusal'],
    2,
  ],
  ['refuses all with 400', answer(400), ['problem: wrong_refusal', 'warning: secret_unknown'], 2],
  ['refuses all with 401', answer(401), ['problem: unauthorized'], 2],
  ['refuses all with 403', answer(403), ['problem: forbidden'], 2],
  [
    'refuses our signature in words',
    verifying(answer(400, 'Missing required headers')),
    ['problem: unauthorized'],
    2,
  ],
  ['makes accounts for everybody', answer(201, { coid: 'c-1' }), ['problem: takes_anything'], 1],
  ['answers 200 to everybody', answer(200), ['problem: takes_anything'], 1],
  ['makes accounts of nothing', verifying(answer(201, { coid: 'c-1' })), ['problem: orders_of_nothing'], 2],
  ['fails where it should refuse', verifying(answer(500)), ['warning: failing'], 2],
  [
    'fails at a wrong signature',
    verifying(answer(422), answer(500)),
    ['warning: wrong_refusal', 'warning: secret_unknown'],
    2,
  ],
  ['is down behind its proxy', answer(502), ['warning: wrong_refusal', 'problem: failing'], 2],
  ['is not there', answer(404), ['problem: not_found'], 1],
  ['takes no POST', answer(405), ['problem: method_not_allowed'], 1],
  ['redirects', answer(308, '', { location: 'https://acme.example/new?t0k3n' }), ['problem: redirected'], 1],
  ['wants another type', answer(415), ['problem: not_accepted'], 1],
  ['breaks off', (_response, _call, socket) => void socket.destroy(), ['problem: no_answer'], 1],
  [
    'has a clock that is wrong',
    verifying(answer(422, {}, { date: 'Mon, 04 May 2026 12:00:00 GMT' })),
    ['warning: clock'],
    2,
  ],
];

test.each(endpoints)('one that %s', async (_name, behave, expected, calls) => {
  const endpoint = await startProviderEndpoint(behave);
  expect(told(await check(endpoint.url))).toEqual(expected);
  expect(endpoint.calls).toHaveLength(calls);
  // The first call proves nothing, the second one is ours, and neither orders anything.
  const right = await Promise.all(endpoint.calls.map((call) => isSignedBy(key.secret, call)));
  expect(right).toEqual([false, true].slice(0, calls));
  for (const { body, headers } of endpoint.calls) {
    expect(body).toBe('[]');
    expect(headers['webhook-id']).toMatch(/^check-/);
    expect(headers['idempotency-key']).toBe(headers['webhook-id']);
  }
});

test('where a redirect leads is told, without what may be secret in it', async () => {
  const endpoint = await startProviderEndpoint(
    answer(301, '', { location: 'https://acme.example/new?t0k3n' }),
  );
  const { findings } = await check(endpoint.url);
  expect(findings[0]?.detail).toMatch(/It leads to https:\/\/acme\.example\/new\.$/);
});

test('what cannot be connected to, or trusted, is told by its cause', async () => {
  const untrusted = await startProviderEndpoint(answer(401), { secure: true });
  const details = new Map<string, RegExp>([
    [(await refusingUrl()).url, /^Nothing can be sent to it: the connection was refused\.$/],
    ['http://provider.invalid/', /^Nothing can be sent to it: the host /],
    [untrusted.url, /^Nothing can be sent to it: its certificate is self-signed\.$/],
  ]);
  for (const [url, detail] of details) {
    const { findings } = await check(url);
    expect(findings).toMatchObject([{ severity: 'problem', detail: expect.stringMatching(detail) }]);
  }
  expect(untrusted.calls).toEqual([]);
});

test('what never answers is told, once', async () => {
  const endpoint = await startProviderEndpoint(() => undefined);
  expect(told(await check(endpoint.url, { timeoutMs: 300 }))).toEqual(['problem: no_answer']);
  expect(endpoint.calls).toHaveLength(1);
});

test('what takes long, though it has nothing to do, is told', async () => {
  const slowly: Behaviour = (...call) => void setTimeout(answer(422), 700, ...call);
  const endpoint = await startProviderEndpoint(verifying(slowly));
  const { findings } = await check(endpoint.url, { timeoutMs: 2_000 });
  expect(findings).toMatchObject([{ severity: 'warning', code: 'slow' }]);
});

test('what is missing here is told before anything is called', async () => {
  expect(told(await check(undefined))).toEqual(['problem: no_url']);
  const endpoint = await startProviderEndpoint(answer(401));
  expect(told(await check(endpoint.url, { secrets: [] }))).toEqual(['problem: no_secret']);
  expect(endpoint.calls).toEqual([]);
});

describe('the command', () => {
  async function startLine(provisionUrl: string) {
    const line = await createCommandLine();
    await line.withStore(async (store) => {
      const settings = { origins: [], minimumLevel: 'unsigned', disabled: false } as const;
      await store.addProvider({ partnerKey: 'pk_acme', name: 'Acme', ...settings }, key);
      await store.changeProvider('pk_acme', { provisionUrl });
    });
    return line;
  }

  test('ends with 0 where nothing has to be mended', async () => {
    const { url } = await startProviderEndpoint(verifying(answer(422)));
    const line = await startLine(url);
    const report = await line.json('provision check pk_acme');
    expect(report).toMatchObject({
      partnerKey: 'pk_acme',
      url,
      ok: true,
      findings: [{ severity: 'warning', code: 'no_form' }],
      calls: [
        { signature: 'wrong', status: 401, tookMs: expect.any(Number) },
        { signature: 'right', status: 422 },
      ],
    });
    const { exitCode, stdout } = await line.run('provision check pk_acme');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/knows ours.*WARNING: There is no form/s);
  });

  test('ends with 1 and says what to mend where something has to be', async () => {
    const { url } = await startProviderEndpoint(answer(404));
    const line = await startLine(url);
    expect(await line.run('provision check pk_acme')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/PROBLEM: It answered 404: .*\n {2}Ask the provider for the right one/),
      stderr: 'error: 1 thing has to be mended.\n',
    });
    const { exitCode, stdout } = await line.run('provision check pk_acme --json');
    expect([exitCode, JSON.parse(stdout).ok]).toEqual([1, false]);
    expect(await line.run('provision check pk_nobody')).toMatchObject({ exitCode: 1 });
    expect(await line.run('provision check')).toMatchObject({ exitCode: 2 });
  });
});
