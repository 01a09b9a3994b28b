// Who signs in, by what, for how long, and what it takes to end it.
import { describe, expect } from 'vitest';
import { hashOfKey } from '../../../src/marketplace/operators/token.ts';
import { createSecret } from '../../../src/marketplace/providers/secret.ts';
import { StoreUnavailableError } from '../../../src/marketplace/store/errors.ts';
import { createBrowser, signInOperator, signInProvider } from '../support/browser.ts';
import { hourMs, type Service, startService } from '../support/service.ts';
import { test } from '../support/test.ts';

const dayMs = 24 * hourMs;
let count = 0;
const uniqueName = () => `ada ${++count}`;

/** Makes an operator and a link for it. */
async function makeLink({ store, time }: Service, name = uniqueName()): Promise<string> {
  const operatorId = await store.addOperator({ name, createdAt: time.now });
  const token = `token of ${name}`;
  const expiresAt = time.now + hourMs;
  await store.addSignInLink({ hash: hashOfKey(token), owner: { operatorId }, can: [], expiresAt });
  return token;
}

describe('a sign-in link', () => {
  test('signs in once; to look at it uses nothing up', async ({ service, acme: _acme }) => {
    const token = await makeLink(service);
    const [browser, other] = [createBrowser(service), createBrowser(service)];
    const address = `/console/sign-in/${encodeURIComponent(token)}`;
    expect((await browser.get(address)).text).toContain('<button>Sign in</button>');
    expect((await browser.get(address)).status).toBe(200);
    const { status, headers } = await browser.post('/console/sign-in', { token });
    expect([status, headers.get('location')]).toEqual([303, '../console']);
    expect((await browser.get('/console/sessions')).status).toBe(200);

    const again = await other.post('/console/sign-in', { token });
    expect([again.status, again.text]).toEqual([422, expect.stringContaining('no longer works')]);
    expect(again.headers.getSetCookie()).toEqual([]);
    expect((await other.get(address)).text).toContain('no longer works');
    expect((await other.get('/console/sessions')).status).toBe(401);
  });

  test('of two uses at once, one signs in', async ({ service, acme: _acme }) => {
    const token = await makeLink(service);
    const browsers = [1, 2, 3, 4].map(() => createBrowser(service));
    const answers = await Promise.all(browsers.map((browser) => browser.post('/console/sign-in', { token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422, 422]);
  });

  test('ends when its time is over, and with the operator', async ({ service, acme: _acme }) => {
    const [late, removed] = [await makeLink(service), await makeLink(service, 'gone')];
    await service.store.removeOperator('gone');
    const browser = createBrowser(service);
    expect((await browser.post('/console/sign-in', { token: removed })).status).toBe(422);
    service.time.now += hourMs;
    expect((await browser.post('/console/sign-in', { token: late })).status).toBe(422);
  });

  test('opens its own area alone', async ({ service, acme: _acme }) => {
    const token = await makeLink(service);
    const browser = createBrowser(service);
    expect((await browser.post('/provider/sign-in', { token })).status).toBe(422);
    expect((await browser.post('/console/sign-in', { token })).status).toBe(303);
    expect((await browser.get('/provider/sessions')).status).toBe(401);
  });
});

describe('a session', () => {
  test('has a cookie that no script and no other site gets, and a new id each time', async ({
    service,
    acme: _acme,
  }) => {
    const browser = createBrowser(service);
    browser.cookies.set('onramp_console', 'chosen by somebody else');
    const { headers } = await browser.post('/console/sign-in', { token: await makeLink(service) });
    const [cookie = ''] = headers.getSetCookie();
    expect(cookie).toMatch(/^onramp_console=[\w-]{43}; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    const first = browser.cookies.get('onramp_console') ?? '';
    await browser.post('/console/sign-in', { token: await makeLink(service) });
    expect(browser.cookies.get('onramp_console')).not.toBe(first);
    // The one before has ended, and can't be used by whoever has kept it.
    const kept = createBrowser(service);
    kept.cookies.set('onramp_console', first);
    expect((await kept.get('/console/sessions')).status).toBe(401);
  });

  test('goes over TLS alone where a trusted proxy says that the browser came so', async () => {
    for (const [trustedProxies, attribute] of [
      [1, '; Secure'],
      [0, ''],
    ] as const) {
      const service = await startService({ trustedProxies });
      const token = await makeLink(service);
      const { headers } = await createBrowser(service).post(
        '/console/sign-in',
        { token },
        { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' },
      );
      expect(headers.getSetCookie()[0]).toMatch(new RegExp(`HttpOnly${attribute}; SameSite=Strict$`));
    }
  });

  test('is known to every instance, and to none once it has ended', async ({ service, acme: _acme }) => {
    const browser = await signInOperator(service, uniqueName());
    const other = await startService({ database: service.database });
    const there = createBrowser(other);
    for (const [name, value] of browser.cookies) there.cookies.set(name, value);
    expect((await there.get('/console/sessions')).status).toBe(200);
    await browser.post('/console/sign-out');
    expect((await there.get('/console/sessions')).status).toBe(401);
  });

  test('lasts two weeks after somebody was last there', async ({ service, acme: _acme }) => {
    const browser = await signInOperator(service, uniqueName());
    const seenAfter = async (days: number) => {
      service.time.now += days * dayMs;
      return (await browser.get('/console/sessions')).status;
    };
    expect([await seenAfter(13), await seenAfter(13), await seenAfter(14)]).toEqual([200, 200, 401]);
  });

  test('goes on where the database can’t be written just now', async () => {
    const isFull = { now: false };
    const service = await startService({
      wrapStore: (store) => ({
        ...store,
        keepSession: async (...args: Parameters<typeof store.keepSession>) => {
          if (isFull.now) throw new StoreUnavailableError(new Error('full'));
          await store.keepSession(...args);
        },
      }),
    });
    const browser = await signInOperator(service, uniqueName());
    isFull.now = true;
    service.time.now += hourMs;
    expect((await browser.get('/console/sessions')).status).toBe(200);
  });

  test('and links go from the database when their time is over', async ({ service, acme: _acme }) => {
    const name = uniqueName();
    const browser = await signInOperator(service, name);
    await makeLink(service);
    service.time.now += 15 * dayMs;
    expect(await service.store.purgeSignIns(service.time.now)).toBeGreaterThanOrEqual(2);
    expect(await service.store.purgeSignIns(service.time.now)).toBe(0);
    const operator = await service.store.findOperator(name);
    expect(await service.store.listSessions({ operatorId: operator?.id ?? 0 }, 0)).toEqual([]);
    expect((await browser.get('/console/sessions')).status).toBe(401);
  });

  test('ends by signing out, by the list of sessions, and with the operator', async ({
    service,
    acme: _acme,
  }) => {
    const name = uniqueName();
    const browser = await signInOperator(service, name);
    const left = { ...browser, ...createBrowser(service) };
    for (const [cookie, value] of browser.cookies) left.cookies.set(cookie, value);
    await browser.post('/console/sign-out');
    expect(browser.cookies.size).toBe(0);
    expect((await left.get('/console/sessions')).status).toBe(401);

    const [one, stranger] = [
      await signInOperator(service, uniqueName()),
      await signInOperator(service, uniqueName()),
    ];
    const id = /name="session" value="(\w+)"/.exec((await one.get('/console/sessions')).text)?.[1] ?? '';
    await stranger.post('/console/sessions/end', { session: id });
    expect((await one.get('/console/sessions')).status).toBe(200);
    await one.post('/console/sessions/end', { session: id });
    expect((await one.get('/console/sessions')).status).toBe(401);

    const last = uniqueName();
    const removed = await signInOperator(service, last);
    await service.store.removeOperator(last);
    expect((await removed.get('/console/sessions')).status).toBe(401);
  });
});

test('who has signed in is not asked to', async ({ service, acme: _acme }) => {
  const browser = await signInOperator(service, uniqueName());
  const { status, headers } = await browser.get('/console/sign-in');
  expect([status, headers.get('location')]).toEqual([303, '../console']);
  expect((await browser.get('/provider/sign-in')).status).toBe(200);
});

describe('a provider', () => {
  test('signs in by its secret, as long as that is live', async ({ service, acme }) => {
    const browser = createBrowser(service);
    const { secret, partnerKey } = acme;
    expect((await browser.post('/provider/sign-in', { secret: ` ${secret}\n` })).status).toBe(303);
    expect((await browser.get('/provider/sessions')).status).toBe(200);
    for (const wrong of ['', `${secret}x`, createSecret(0).secret]) {
      const { status, text } = await createBrowser(service).post('/provider/sign-in', { secret: wrong });
      expect(status).toBe(422);
      expect(text).not.toContain(wrong || secret);
    }
    await service.store.revokeSecret(partnerKey, acme.keyId);
    service.time.now += 1_000;
    expect((await browser.get('/provider/sessions')).status).toBe(401);
  });

  test('sees sessions of others where it may replace the secret', async ({ service, acme }) => {
    const viewer = await signInProvider(service, acme, ['view']);
    const owner = await signInProvider(service, acme);
    const countOf = async (browser: typeof owner) =>
      [...(await browser.get('/provider/sessions')).text.matchAll(/name="session"/g)].length;
    expect([await countOf(viewer), await countOf(owner)]).toEqual([1, 2]);
    expect((await viewer.get('/console/sessions')).status).toBe(401);
  });

  test('does what its link allows, and no more', async ({ service, acme }) => {
    const [viewer, owner] = [
      await signInProvider(service, acme, ['view']),
      await signInProvider(service, acme),
    ];
    const rotate = async (browser: typeof viewer) => {
      await browser.post('/provider/keys/rotate', { newest: acme.keyId });
      return (await service.store.findProvider(acme.partnerKey))?.secrets.length;
    };
    expect(await rotate(viewer)).toBe(1);
    expect((await viewer.post('/provider/keys/rotate', { newest: acme.keyId })).status).toBe(403);
    expect(await rotate(owner)).toBe(2);
  });
});

describe('pages', () => {
  test('take no form of another site', async ({ service, acme }) => {
    const token = await makeLink(service);
    const browser = createBrowser(service);
    const from = async (headers: Record<string, string>) =>
      (await browser.post('/console/sign-in', { token }, headers)).status;
    expect(await from({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await from({ 'sec-fetch-site': 'same-site' })).toBe(403);
    const { status } = await fetch(`${service.baseUrl}/console/sign-in`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams({ token }),
    });
    expect(status).toBe(403);
    expect(await from({})).toBe(303);
    const owner = await signInProvider(service, acme);
    await owner.post('/provider/sign-out', {}, { 'sec-fetch-site': 'cross-site' });
    expect((await owner.get('/provider/sessions')).status).toBe(200);
  });

  test('run and load nothing but their own, and stay in no cache', async ({ service, acme: _acme }) => {
    const { headers, text } = await createBrowser(service).get('/console/sign-in');
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of ["default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'"]) {
      expect(policy).toContain(rule);
    }
    expect(headers.get('cache-control')).toBe('no-store');
    const addresses = [...text.matchAll(/(?:src|href)="([^"]*assets[^"]+)"/g)].map(
      ([, address = '']) => address,
    );
    expect(addresses.length).toBeGreaterThan(2);
    for (const address of addresses) {
      const asset = await fetch(new URL(address, `${service.baseUrl}/console/sign-in`));
      expect([asset.status, asset.headers.get('cache-control')]).toEqual([
        200,
        expect.stringContaining('immutable'),
      ]);
    }
    const old = await fetch(`${service.baseUrl}/assets/000000000000/pages/browser/zone.js`);
    expect([old.status, old.headers.get('cache-control')]).toEqual([200, 'no-cache']);
  });

  test('by a link from another site, load once more from here, and then with the cookie', async ({
    service,
    acme: _acme,
  }) => {
    const { status, headers } = await createBrowser(service).get('/console/sessions?a=b', {
      'sec-fetch-site': 'cross-site',
    });
    expect([status, headers.get('refresh')]).toEqual([200, '0; url=../console/sessions?a=b']);
  });
});

test('whoever tries too often waits', async () => {
  const service = await startService({ trustedProxies: 1 });
  const browser = createBrowser(service);
  const tryFrom = async (address: string) => {
    const headers = { 'x-forwarded-for': address };
    return (await browser.post('/provider/sign-in', { secret: 'guess' }, headers)).status;
  };
  const answers = await Promise.all(Array.from({ length: 40 }, () => tryFrom('203.0.113.7')));
  expect([...new Set(answers)].sort()).toEqual([422, 429]);
  expect(await tryFrom('203.0.113.8')).toBe(422);
});

test('neither the log nor the audit trail has a secret, a token or a cookie', async ({ service, acme }) => {
  service.time.now += hourMs;
  const token = await makeLink(service);
  const browser = createBrowser(service);
  await browser.get(`/console/sign-in/${encodeURIComponent(token)}`);
  await browser.post('/console/sign-in', { token });
  await browser.post('/provider/sign-in', { secret: acme.secret });
  const audit = await service.store.listAudit({ limit: 1_000 });
  expect(audit.slice(0, 2).map(({ action }) => action)).toEqual([
    'signed in by secret',
    'signed in by a link',
  ]);
  const written = JSON.stringify([service.logLines, audit]);
  for (const secret of [token, encodeURIComponent(token), acme.secret, ...browser.cookies.values()]) {
    expect(written).not.toContain(secret);
  }
});
