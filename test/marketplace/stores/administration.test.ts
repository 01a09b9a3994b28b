// What operators do in the console, so that nobody needs the command line: as forms are sent by a browser.
import { describe, expect } from 'vitest';
import { createBrowser, signInOperator, signInProvider } from '../support/browser.ts';
import { answer, startProviderEndpoint } from '../support/providerEndpoint.ts';
import { bearer, purchase } from '../support/purchase.ts';
import type { Service } from '../support/service.ts';
import { test as base } from '../support/test.ts';

let count = 0;

const test = base
  .extend('operator', () => `grace ${++count}`)
  .extend('browser', ({ service, acme: _acme, operator }) => signInOperator(service, operator));

/** The newest of what the trail says of the operator. */
async function lastChange({ store }: Service, name: string) {
  const [entry] = await store.listAudit({ limit: 1, name });
  return [entry?.action, entry?.subject, entry?.detail];
}

const settings = {
  name: 'Acme',
  origins: 'https://acme.example',
  minimumLevel: 'unsigned',
};

test('nobody who hasn’t signed in comes in, nor does a provider', async ({ service, acme }) => {
  const provider = await signInProvider(service, acme);
  for (const browser of [createBrowser(service), provider]) {
    for (const page of [
      'providers',
      `providers/${acme.partnerKey}`,
      'listings',
      'operators',
      'audit',
      'add-provider',
    ]) {
      expect((await browser.get(`/console/${page}`)).status).toBe(401);
    }
    for (const [page, fields] of [
      ['operators', { name: 'mallory' }],
      [`providers/${acme.partnerKey}/rotate`, { newest: acme.keyId }],
      [`providers/${acme.partnerKey}`, { ...settings, disabled: 'yes' }],
      ['listings', { listing: 'mallory', provider: acme.partnerKey, landing: 'https://evil.example' }],
    ] as const) {
      expect((await browser.post(`/console/${page}`, fields)).status).toBe(401);
    }
  }
  expect(await service.store.findOperator('mallory')).toBeUndefined();
  expect(await service.store.findListing('mallory')).toBeUndefined();
});

describe('a provider', () => {
  test('is added once, with a secret that is shown once and works', async ({
    service,
    browser,
    operator,
  }) => {
    const form = await browser.get('/console/add-provider');
    const [, ending = ''] = /name="ending" value="(\w+)"/.exec(form.text) ?? [];
    const fields = {
      ...settings,
      name: 'Zürich & Söhne',
      origins: 'https://a.example\nhttps://*.b.example',
      ending,
    };
    const added = await browser.post('/console/add-provider', fields);
    const [secret = ''] = /os_[a-z0-9]{8}_[\w-]{43}/.exec(added.text) ?? [];
    const partnerKey = `pk_zu_rich_so_hne_${ending}`;
    expect(added.text).toContain(partnerKey);
    expect(added.headers.get('cache-control')).toBe('no-store');
    expect((await service.send('/api/orders', { headers: bearer(secret) })).status).toBe(200);
    expect(await service.store.findProvider(partnerKey)).toMatchObject({
      name: 'Zürich & Söhne',
      origins: ['https://a.example', 'https://*.b.example'],
    });
    expect(await lastChange(service, operator)).toEqual(['provider added', partnerKey, 'Zürich & Söhne']);

    const again = await browser.post('/console/add-provider', fields);
    expect([again.status, again.text]).toEqual([422, expect.stringContaining('sent twice')]);
    for (const page of [`/console/providers/${partnerKey}`, '/console/providers', '/console/audit']) {
      expect((await browser.get(page)).text).not.toContain(secret);
    }
  });

  test('is changed, and what can’t be taken is said beside its field, with what was typed', async ({
    service,
    browser,
    acme,
    operator,
  }) => {
    const page = `/console/providers/${acme.partnerKey}`;
    const wrong = await browser.post(page, {
      ...settings,
      name: '"><img src=x onerror=alert(1)>',
      origins: 'https://acme.example/path',
      provisionUrl: 'http://acme.example/orders',
    });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toMatch(/id="origins-error">An origin has no path/);
    expect(wrong.text).toMatch(/id="provisionUrl-error">It must be an https address/);
    expect(wrong.text).toContain('https://acme.example/path</textarea>');
    expect(wrong.text).not.toContain('<img src=x');

    const provisionUrl = 'https://acme.example/orders';
    const changed = { ...settings, minimumLevel: 'signed', provisionUrl, idempotent: 'yes', disabled: 'yes' };
    const { status, headers } = await browser.post(page, changed);
    expect([status, headers.get('location')]).toEqual([
      303,
      `../../console/providers/${acme.partnerKey}?done=saved`,
    ]);
    expect(await service.store.findProvider(acme.partnerKey)).toMatchObject({
      name: 'Acme',
      minimumLevel: 'signed',
      provisionUrl,
      idempotent: true,
      disabled: true,
    });
    const [action, , detail] = await lastChange(service, operator);
    expect([action, detail]).toEqual(['provider changed', expect.stringContaining('minimum level: signed')]);
    await browser.post(page, { ...settings, provisionUrl: '' });
    expect(await service.store.findProvider(acme.partnerKey)).toMatchObject({
      provisionUrl: undefined,
      idempotent: false,
      disabled: false,
    });
  });

  test('gets a new secret once a form, and loses one that others know', async ({
    service,
    browser,
    acme,
  }) => {
    const { partnerKey, keyId } = acme;
    const page = `/console/providers/${partnerKey}`;
    const rotated = await browser.post(`${page}/rotate`, { newest: keyId });
    const [secret = '', newest = ''] = /os_([a-z0-9]{8})_[\w-]{43}/.exec(rotated.text) ?? [];
    // As when the page is loaded again.
    const again = await browser.post(`${page}/rotate`, { newest: keyId });
    expect([again.status, (await service.store.findProvider(partnerKey))?.secrets.length]).toEqual([303, 2]);
    const { text } = await browser.get(page);
    expect(text).toContain(`os_${newest}_…`);
    expect(text).not.toContain(secret);

    await browser.post(`${page}/revoke`, { keyId });
    service.time.now += 1_000;
    const statusOf = async (by: string) =>
      (await service.send('/api/orders', { headers: bearer(by) })).status;
    expect([await statusOf(acme.secret), await statusOf(secret)]).toEqual([401, 200]);
  });

  test('gets a link that allows what was ticked, and is signed out everywhere', async ({
    service,
    browser,
    acme,
  }) => {
    const page = `/console/providers/${acme.partnerKey}`;
    const made = await browser.post(`${page}/link`, { expires: '1 hour', replay: 'yes' });
    const [, token = ''] = /provider\/sign-in\/([\w-]{43})/.exec(made.text) ?? [];
    const provider = createBrowser(service);
    await provider.post('/provider/sign-in', { token });
    expect((await provider.get('/provider/sessions')).status).toBe(200);
    expect((await browser.get(page)).text).toContain('1 browser is signed in');
    await browser.post(`${page}/end-access`);
    expect((await provider.get('/provider/sessions')).status).toBe(401);
    expect((await browser.post(`${page}/link`, { expires: 'for ever' })).status).toBe(400);
    const trail = JSON.stringify(await service.store.listAudit({ limit: 100 }));
    expect(trail).toContain('can view, replay');
    expect(trail).not.toContain(token);
  });
});

test('a listing is added, changed and removed', async ({ service, browser, acme, operator }) => {
  const { partnerKey } = acme;
  const fields = { listing: partnerKey, provider: partnerKey, landing: 'https://acme.example/welcome' };
  const wrong = await browser.post('/console/listings', {
    ...fields,
    listing: 'a/b',
    landing: 'javascript:alert(1)',
  });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toMatch(
    /id="listing-error">It takes 1 to 64 letters.*id="landing-error">It must be an http/s,
  );
  expect((await browser.post('/console/listings', { ...fields, provider: 'pk_nobody' })).text).toContain(
    'Choose whose listing it is',
  );
  expect((await browser.post('/console/listings', fields)).status).toBe(303);
  const location = async () => (await service.send(`/go/${partnerKey}`)).headers.get('location');
  expect(await location()).toMatch(/^https:\/\/acme\.example\/welcome\?onramp_ref=/);
  expect((await browser.post('/console/listings', fields)).text).toContain('already');

  await browser.post(`/console/listings/${partnerKey}`, { landing: 'https://acme.example/new' });
  expect(await location()).toMatch(/^https:\/\/acme\.example\/new\?/);
  expect(await lastChange(service, operator)).toEqual([
    'listing changed',
    partnerKey,
    `of ${partnerKey}, leads to https://acme.example/new`,
  ]);
  await browser.post(`/console/listings/${partnerKey}/remove`);
  expect((await service.send(`/go/${partnerKey}`)).status).toBe(404);
});

describe('an order form', () => {
  test('is made and changed; its reseller key stays, and is never shown', async ({
    service,
    browser,
    acme,
  }) => {
    const { partnerKey } = acme;
    const page = `/console/providers/${partnerKey}/form`;
    const fields = { path: partnerKey, 'ask-company': 'required', 'ask-phone': 'optional' };
    expect((await browser.post(page, { ...fields, resellerKey: 'our key there' })).status).toBe(303);
    expect((await browser.get(page)).text).not.toContain('our key there');
    await browser.post(page, { ...fields, 'ask-phone': '' });
    expect(await service.store.findOrderForm(partnerKey)).toMatchObject({
      fields: [
        { name: 'name', required: true },
        { name: 'email', required: true },
        { name: 'company', required: true },
      ],
      resellerKey: 'our key there',
    });
    expect((await browser.post(page, { ...fields, path: 'a b' })).text).toContain('id="path-error"');
  });

  test('shows a logo that is uploaded, and nothing that is none', async ({ service, browser, acme }) => {
    const { partnerKey } = acme;
    const page = `/console/providers/${partnerKey}/form`;
    await browser.post(page, { path: partnerKey });
    const upload = (bytes: BlobPart) => {
      const form = new FormData();
      form.set('logo', new Blob([bytes]), 'logo.svg');
      return browser.send(`${page}/logo`, { method: 'POST', body: form });
    };
    expect((await upload('<svg xmlns="http://www.w3.org/2000/svg"/>')).status).toBe(303);
    const [, logo = ''] = /src="[^"]*(\/logos\/\w+)"/.exec((await browser.get(page)).text) ?? [];
    expect((await service.send(logo)).headers.get('content-type')).toBe('image/svg+xml');
    for (const wrong of ['GIF89a', '', '<svg '.padEnd(300_000)]) {
      expect((await upload(wrong)).text).toContain('id="logo-error"');
    }
    await browser.post(`${page}/remove-logo`);
    expect((await service.store.findOrderForm(partnerKey))?.logo).toBeUndefined();
  });
});

test('a provider’s endpoint is called, and what is wrong is said as it is mended here', async ({
  browser,
  acme,
}) => {
  const page = `/console/providers/${acme.partnerKey}`;
  const check = async () => (await browser.post(`${page}/check`)).text;
  expect(await check()).toMatch(/Problem.*no provision URL.*posted to” on the provider/s);
  const endpoint = await startProviderEndpoint(answer(401, { detail: '<img src=x onerror=alert(1)>' }));
  await browser.post(page, { ...settings, provisionUrl: endpoint.url });
  const refusing = await check();
  expect(refusing).toMatch(/Problem.*does not accept our signature/s);
  expect(refusing).toContain('answered 401');
  expect(refusing).not.toContain('<img src=x');
  expect(endpoint.calls.map(({ json }) => json)).toEqual([[], []]);
});

test('an operator is added, gets links and tokens, and is removed, but not by itself', async ({
  service,
  browser,
  operator,
}) => {
  const other = `${operator} the second`;
  const added = await browser.post('/console/operators', { name: other });
  const [, token = ''] = /console\/sign-in\/([\w-]{43})/.exec(added.text) ?? [];
  const second = createBrowser(service);
  expect((await second.post('/console/sign-in', { token })).status).toBe(303);
  expect((await browser.post('/console/operators', { name: other })).text).toContain('already');

  const tokenOf = async () => {
    const { text } = await browser.post('/console/operators/token', { name: other });
    return /ot_[\w-]{43}/.exec(text)?.[0] ?? '';
  };
  const [first, newer] = [await tokenOf(), await tokenOf()];
  const statusOf = async (by: string) => (await service.send('/api/orders', { headers: bearer(by) })).status;
  expect([await statusOf(first), await statusOf(newer)]).toEqual([401, 200]);

  expect((await browser.post('/console/operators/remove', { name: operator })).status).toBe(400);
  expect((await browser.post('/console/operators/remove', { name: other })).status).toBe(303);
  expect((await second.get('/console/operators')).status).toBe(401);
  expect(await statusOf(newer)).toBe(401);
  const trail = (await browser.get('/console/audit')).text;
  expect(trail).toContain('operator removed');
  for (const secret of [token, first, newer]) expect(trail).not.toContain(secret);
});

test('a service goes by what was changed in the console within a second', async ({
  service,
  browser,
  acme,
}) => {
  expect((await acme.post(purchase)).status).toBe(201);
  await browser.post(`/console/providers/${acme.partnerKey}`, { ...settings, disabled: 'yes' });
  service.time.now += 1_000;
  expect((await acme.post({ ...purchase, customerId: 'another' })).status).toBe(403);
});

test('the audit trail is found by who it was and about whom, page by page', async ({
  service,
  browser,
  acme,
  operator,
}) => {
  const { partnerKey } = acme;
  const page = `/console/providers/${partnerKey}`;
  for (let index = 1; index <= 101; index++) await browser.post(page, { ...settings, name: `Name ${index}` });
  const actionsOn = async (path: string) => {
    const { text } = await browser.get(`/console/audit${path}`);
    const [, older] = /href="[^"]*audit(\?[^"]*before[^"]*)"/.exec(text) ?? [];
    const details = [...text.matchAll(/name: (Name \d+)/g)].map(([, name]) => name);
    return { details, older: older?.replaceAll('&amp;', '&') };
  };
  const first = await actionsOn(`?name=${partnerKey}`);
  expect([first.details[0], first.details.length]).toEqual(['Name 101', 100]);
  expect(await actionsOn(first.older ?? '')).toEqual({ details: ['Name 1'], older: undefined });
  expect((await actionsOn(`?name=${encodeURIComponent(operator)}`)).details).toHaveLength(100);
  expect((await browser.get('/console/audit?name=nobody')).text).toContain('Nothing of that name');
  expect(await service.store.purgeAudit(service.time.now + 1)).toBeGreaterThan(101);
});

test('whatever is typed or asked, no page breaks', async ({ service, browser, acme }) => {
  const provider = `/console/providers/${acme.partnerKey}`;
  const texts = [
    '\0',
    '\uD800',
    '\u202E<b>',
    '%00',
    'a'.repeat(5_000),
    '-1',
    '__proto__',
    "'; drop table operators; --",
  ];
  const fields = [
    'name',
    'origins',
    'minimumLevel',
    'provisionUrl',
    'key',
    'ending',
    'listing',
    'provider',
    'landing',
  ];
  const moreFields = [
    'keyId',
    'newest',
    'expires',
    'path',
    'resellerKey',
    'ask-phone',
    'session',
    'token',
    'secret',
  ];
  const forms = [
    ...['rotate', 'revoke', 'link', 'form', 'check'].map((action) => `${provider}/${action}`),
    ...['/console/add-provider', '/console/listings', '/console/sessions/end', provider],
    ...['', '/link', '/token', '/remove'].map((action) => `/console/operators${action}`),
    ...['/console/sign-in', '/provider/sign-in'],
  ];
  for (const text of texts) {
    const filled = Object.fromEntries([...fields, ...moreFields].map((field) => [field, text]));
    const encoded = encodeURIComponent(text.toWellFormed());
    for (const form of forms) {
      const { status } = await browser.post(form, filled);
      expect([form, text.slice(0, 20), status < 500]).toEqual([form, text.slice(0, 20), true]);
    }
    for (const page of [
      'providers/',
      'listings/',
      'audit?before=',
      'sessions?zone=',
      'listings?provider=',
      'sign-in/',
    ]) {
      const { status } = await browser.get(`/console/${page}${encoded}`);
      expect([page, text.slice(0, 20), status < 500]).toEqual([page, text.slice(0, 20), true]);
    }
  }
  expect((await browser.get('/console/operators')).status).toBe(200);
  expect(service.logLines.filter((line) => line.includes('unexpected error'))).toEqual([]);
});

test('pages by which nothing is found say so', async ({ browser }) => {
  for (const page of ['/console/providers/pk_nobody', '/console/listings/nothing', '/console/nowhere']) {
    expect((await browser.get(page)).status).toBe(404);
  }
  expect((await browser.get('/console/providers/pk_nobody')).text).toContain('This page is not here');
});

test('where a form is sent, a page says what the address takes', async ({ browser }) => {
  const { status, headers, text } = await browser.get('/console/operators/token');
  expect([status, headers.get('allow'), headers.get('content-type')]).toEqual([
    405,
    'POST',
    'text/html; charset=utf-8',
  ]);
  expect(text).toContain('This can’t be done here');
});
