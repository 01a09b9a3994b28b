import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { signedText } from '../../src/wire/signature.ts';
import { createLedger } from '../support/ledger.ts';
import { purchase } from '../support/purchase.ts';
import type { Provider } from '../support/service.ts';
import { createTag, stub } from '../support/tag.ts';
import { test } from './fixtures.ts';

const dayMs = 86_400_000;

/** The referral that the page holds. */
function referralOn(page: Page) {
  return page.evaluate(() => window.onrampTrack('referral'));
}

/** The token that the provider's backend makes for the page. */
function sign({ partnerKey, secret }: Provider, fields: { purchasedAt: string; amount: string }) {
  const keyId = secret.split('_')[1] ?? '';
  const seconds = Math.floor(Date.now() / 1000);
  const text = signedText(keyId, seconds, { partnerKey, ...purchase, currency: 'EUR', ...fields });
  return `${keyId}.${seconds}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

test('a thank-you page says all by attributes, without a line of JavaScript', async ({
  page,
  site,
  provider,
  tag,
  expectLedger,
}) => {
  const stored = { amount: '49.90', purchasedAt: '2026-01-02T03:04:05.000Z' };
  const sig = sign(provider, { ...stored, amount: '49.9' });
  const given = { ...purchase, amount: '49.90', currency: 'eur', purchasedAt: '2026-01-02T04:04:05+01:00' };
  await page.goto(site.page('/thanks', tag({ ...given, sig, track: 'purchase' })));
  await expectLedger({ purchases: [{ ...purchase, ...stored, currency: 'EUR', trust: 'signed' }] });
});

test('without data-track nothing is tracked by itself', async ({ page, site, tag, expectLedger }) => {
  await page.goto(site.page('/thanks', stub + tag(purchase)));
  expect(await referralOn(page)).toBeNull();
  await expectLedger({});
});

test("options stand in the script's address where a tag manager strips attributes", async ({
  page,
  service,
  provider,
  site,
  expectLedger,
}) => {
  const query = new URLSearchParams({
    'partner-key': provider.partnerKey,
    'service-name': 'R&D = 100% + #1',
    'customer-id': '42',
    'referral-param': 'ref',
    track: 'purchase',
  });
  const address = `${service.baseUrl}/onramp.js?${query}`.replaceAll('&', '&amp;');
  await page.goto(site.page('/thanks', `<script async src="${address}"></script>`).concat('?ref=r-1'));
  await expectLedger({
    visits: 1,
    purchases: [{ serviceName: 'R&D = 100% + #1', customerId: '42', referral: 'r-1' }],
  });
});

test("the attribute wins over the script's address", async ({ page, site, tag, expectLedger }) => {
  const html = tag({ ...purchase, track: 'purchase' }).replace(
    'onramp.js',
    'onramp.js?partner-key=pk_other&amp;customer-id=43',
  );
  await page.goto(site.page('/thanks', html));
  await expectLedger({ purchases: [purchase] });
});

for (const ending of ['', '/']) {
  test(`a script on the provider's own host sends to the endpoint${ending}`, async ({
    page,
    service,
    provider,
    site,
    expectLedger,
  }) => {
    site.script('/onramp.js', readFileSync(resolve(import.meta.dirname, '../../dist/onramp.js'), 'utf8'));
    const { partnerKey } = provider;
    const endpoint = service.baseUrl + ending;
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url().split('?')[0] ?? ''));
    const thanks = createTag(site.origin, { partnerKey, endpoint, ...purchase, track: 'purchase' });
    await page.goto(site.page('/thanks', thanks));
    await expectLedger({ purchases: [purchase] });
    const sent = addresses.filter((address) => address.includes('SaasTrackings'));
    expect(new Set(sent)).toContain(`${service.baseUrl}/api/SaasTrackings`);
  });
}

test('data-referral-param: the first one of the list that is present', async ({
  context,
  page,
  site,
  tag,
  expectLedger,
}) => {
  const rows: [attribute: string | undefined, query: string, id: string | null][] = [
    [undefined, 'onramp_ref=r', 'r'],
    [undefined, 'ref=r', null],
    ['ref', 'onramp_ref=a&ref=r', 'r'],
    ['ref,utm_campaign', 'utm_campaign=c&ref=r', 'r'],
    ['utm_campaign, ref', 'utm_campaign=c&ref=r', 'c'],
    ['ref, utm_campaign', 'utm_campaign=c', 'c'],
  ];
  for (const [attribute, query, id] of rows) {
    await context.clearCookies();
    const options = attribute === undefined ? {} : { referralParam: attribute };
    await page.goto(`${site.page('/', stub + tag(options))}?${query}`);
    expect((await referralOn(page))?.id ?? null, `${attribute} in ?${query}`).toBe(id);
  }
  await expectLedger({ visits: rows.filter(([, , id]) => id).length });
});

test('data-marketplace-hosts: they and their subdomains, and no other referrer', async ({
  context,
  page,
  openSite,
  site,
  tag,
  expectLedger,
}) => {
  const rows: [attribute: string | undefined, host: string, counts: boolean][] = [
    ['market.example', 'market.example', true],
    ['market.example', 'eu.market.example', true],
    ['other.example, market.example', 'market.example', true],
    ['market.example', 'evilmarket.example', false],
    ['market.example', 'market.example.evil.example', false],
    ['market.example', 'pay.localhost', false],
    [undefined, 'market.example', false],
  ];
  for (const [attribute, host, counts] of rows) {
    await context.clearCookies();
    const options = attribute === undefined ? {} : { marketplaceHosts: attribute };
    const landing = site.page('/', stub + tag(options));
    await page.goto((await openSite(host)).page('/listing', `<a href="${landing}">Get it</a>`));
    await page.getByRole('link').click();
    await page.waitForURL(landing);
    const referral = await referralOn(page);
    expect(referral && [referral.id, referral.source], `${attribute}, coming from ${host}`).toEqual(
      counts ? [host, 'referrer'] : null,
    );
  }
  await expectLedger({ visits: rows.filter(([, , counts]) => counts).length });
});

test('a payment page on the way does not take the attribution', async ({
  page,
  payment,
  site,
  tag,
  expectLedger,
}) => {
  const options = { marketplaceHosts: 'market.example' };
  const thanks = site.page('/thanks', tag({ ...purchase, ...options, track: 'purchase' }));
  await page.goto(`${site.page('/', stub + tag(options))}?onramp_ref=r`);
  expect(await referralOn(page)).toMatchObject({ id: 'r' });
  await page.goto(payment.page('/pay', `<a href="${thanks}">Pay</a>`));
  await page.getByRole('link').click();
  await expectLedger({ visits: 1, purchases: [{ ...purchase, referral: 'r', referralSource: 'param' }] });
});

test.describe('data-attribution', () => {
  for (const [attribution, id, visits] of [
    ['last', 'second', 2],
    ['first', 'first', 1],
  ] as const) {
    test(`${attribution} of two landings`, async ({ page, site, tag, expectLedger }) => {
      const landing = site.page('/', stub + tag({ attribution, ...purchase }));
      await page.goto(`${landing}?onramp_ref=first`);
      await page.goto(`${landing}?onramp_ref=second`);
      expect(await page.evaluate(() => window.onrampTrack())).toEqual({ status: 'sent' });
      await expectLedger({ visits, purchases: [{ referral: id }] });
    });
  }
});

test('a visit counts once, and again only with another id', async ({ page, site, tag, expectLedger }) => {
  const landing = site.page('/', stub + tag());
  for (const id of ['a', 'a', 'b']) {
    await page.goto(`${landing}?onramp_ref=${id}`);
    expect(await referralOn(page)).toMatchObject({ id });
  }
  await page.reload();
  await page.goto(landing);
  expect(await referralOn(page)).toMatchObject({ id: 'b' });
  await expectLedger({ visits: 2 });
});

for (const [name, ageMs, visits, referral] of [
  ['counts within', 2 * dayMs - 60_000, 1, { referral: 'r' }],
  ['no longer counts after', 2 * dayMs + 60_000, 2, {}],
] as const) {
  test(`a referral ${name} data-window-days, by the time that is stored`, async ({
    page,
    context,
    provider,
    site,
    tag,
    expectLedger,
    ledger,
  }) => {
    const landing = site.page('/', stub + tag({ windowDays: '2', ...purchase }));
    await page.goto(`${landing}?onramp_ref=r`);
    const landedAt = (await referralOn(page))?.landedAt ?? 0;
    const cookies = await context.cookies();
    const lifeSeconds = (cookies[0]?.expires ?? 0) - Date.now() / 1000;
    expect(Math.round(lifeSeconds / 60)).toBe(2 * 24 * 60);
    // As if it had been then; the cookie itself lives on.
    await context.addCookies(
      cookies.map((cookie) => ({
        ...cookie,
        value: cookie.value.replace(`${landedAt}`, `${landedAt - ageMs}`),
      })),
    );
    await page.goto(landing);
    expect((await referralOn(page))?.landedAt).toBe(visits === 1 ? landedAt - ageMs : undefined);
    expect(await page.evaluate(() => window.onrampTrack())).toEqual({ status: 'sent' });
    expect(cookies.map((cookie) => cookie.name)).toEqual([`onramp_${provider.partnerKey}`]);
    await page.goto(`${landing}?onramp_ref=r`);
    await expectLedger({ visits, purchases: [{ ...purchase, ...referral }] });
    if (visits === 2) expect((await ledger.purchases())[0]).not.toHaveProperty('referral');
  });
}

test('data-cookie-domain: the given one, none, or the widest that the browser accepts', async ({
  context,
  page,
  openSite,
  provider,
  tag,
}) => {
  const rows: [attribute: string | undefined, host: string, domain: string][] = [
    [undefined, 'www.acme.example', '.acme.example'],
    [undefined, 'a.b.acme.example', '.acme.example'],
    [undefined, 'acme.example', '.acme.example'],
    [undefined, 'shop.acme.co.uk', '.acme.co.uk'],
    [undefined, 'localhost', 'localhost'],
    [undefined, '127.0.0.1', '127.0.0.1'],
    ['none', 'www.acme.example', 'www.acme.example'],
    ['eu.acme.example', 'www.eu.acme.example', '.eu.acme.example'],
    ['other.example', 'www.acme.example', 'www.acme.example'],
    ['co.uk', 'shop.acme.co.uk', 'shop.acme.co.uk'],
  ];
  const name = `onramp_${provider.partnerKey}`;
  for (const [attribute, host, domain] of rows) {
    await context.clearCookies();
    const site = await openSite(host);
    const options = attribute === undefined ? {} : { cookieDomain: attribute };
    await page.goto(`${site.page('/', stub + tag(options))}?onramp_ref=r`);
    expect(await referralOn(page)).toMatchObject({ id: 'r' });
    expect(await context.cookies(), `${attribute} on ${host}`).toMatchObject([
      { name, domain, path: '/', sameSite: 'Lax', secure: false },
    ]);
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  }
});

for (const [attribute, id] of [
  [undefined, 'r'],
  ['none', undefined],
] as const) {
  test(`${attribute}: app.acme.example ${id ? 'shares' : 'lacks'} what www.acme.example has`, async ({
    page,
    openSite,
    tag,
    expectLedger,
  }) => {
    const options = { ...purchase, ...(attribute && { cookieDomain: attribute }) };
    const [www, app] = [await openSite('www.acme.example'), await openSite('app.acme.example')];
    await page.goto(`${www.page('/', stub + tag(options))}?onramp_ref=r`);
    expect(await referralOn(page)).toMatchObject({ id: 'r' });
    await page.goto(app.page('/', stub + tag(options)));
    expect((await referralOn(page))?.id).toBe(id);
    expect(await page.evaluate(() => window.onrampTrack())).toEqual({ status: 'sent' });
    await expectLedger({ visits: 1, purchases: [{ ...purchase, ...(id && { referral: id }) }] });
  });
}

test('two providers on one domain do not mix', async ({ page, service, openSite, tag, expectLedger }) => {
  const site = await openSite('www.acme.example');
  const other = await service.addProvider('Beta CRM', site.origin);
  const beta = createTag(service.baseUrl, { partnerKey: other.partnerKey, ...purchase });
  await page.goto(`${site.page('/', stub + tag(purchase))}?onramp_ref=r`);
  expect(await page.evaluate(() => window.onrampTrack())).toEqual({ status: 'sent' });
  await page.goto(site.page('/beta', stub + beta));
  expect(await referralOn(page)).toBeNull();
  expect(await page.evaluate(() => window.onrampTrack())).toEqual({ status: 'sent' });
  await expectLedger({ visits: 1, purchases: [{ ...purchase, referral: 'r' }] });
  const theirs = createLedger(service, other);
  await expect.poll(() => theirs.purchases()).toMatchObject([purchase]);
  expect((await theirs.purchases())[0]).not.toHaveProperty('referral');
});
