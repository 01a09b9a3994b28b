import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { createLedger } from '../support/ledger.ts';
import { purchase } from '../support/purchase.ts';
import { createTag, plainStub, stub } from '../support/tag.ts';
import { test } from './fixtures.ts';

const script = readFileSync(resolve(import.meta.dirname, '../../dist/onramp.js'));
const hash = createHash('sha256').update(script);
const version = hash.copy().digest('hex').slice(0, 12);
const integrity = `sha256-${hash.digest('base64')}`;

/** What the console says as an error, from now on. */
function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  return errors;
}

/** A page script that puts the tag into the page, as tag managers do. */
function injecting(tag: string): string {
  const attributes = [...tag.matchAll(/ (src|data-[a-z-]+)="([^"]*)"/g)].map(([, name, value]) => [
    name,
    value,
  ]);
  return `{
    const script = document.createElement('script');
    for (const [name, value] of ${JSON.stringify(attributes)}) script.setAttribute(name, value);
    document.head.appendChild(script);
  }`;
}

/** Each way to put the tag into a page. */
const ways: Record<string, (tag: string) => string> = {
  plain: (tag) => tag.replace(' async', ''),
  defer: (tag) => tag.replace(' async', ' defer'),
  "after another vendor's script, which has a partner key too": (tag) =>
    `<script type="text/plain" src="/other.js" data-partner-key="theirs"></script>${tag}`,
  'run later by a loader that has taken its type': (tag) => {
    const address = /src="([^"]*)"/.exec(tag)?.[1];
    return `${tag.replace(' async', ' type="text/plain"')}<script type="module">import '${address}'</script>`;
  },
  'as a module that has its options in its address': (tag) =>
    `<script type="module" src="${queried(tag)}"></script>`,
  'pinned: from its versioned address, with its hash': (tag) =>
    tag.replace('/onramp.js"', `/onramp-${version}.js" integrity="${integrity}" crossorigin="anonymous"`),
};

/** The tag's options in the query of its address, which is escaped for an attribute. */
function queried(tag: string): string {
  const options = [...tag.matchAll(/ data-([a-z-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  return `${/src="([^"]*)"/.exec(tag)?.[1]}?${new URLSearchParams(options)}`.replaceAll('&', '&amp;');
}

for (const [name, put] of Object.entries(ways)) {
  test(`the tag ${name}`, async ({ page, site, tag, expectLedger }) => {
    const errors = errorsOf(page);
    await page.goto(site.page('/thanks', put(tag({ ...purchase, track: 'purchase' }))));
    await expectLedger({ purchases: [purchase] });
    expect(errors).toEqual([]);
  });
}

test('of two tags with one key the first runs', async ({ page, site, tag, expectLedger }) => {
  const plain = tag({ ...purchase, track: 'purchase' }).replace(' async', '');
  const html = `${plain}<script>const first = onrampTrack</script>${plain}`;
  await page.goto(`${site.page('/thanks', html)}?onramp_ref=r`);
  expect(await page.evaluate('onrampTrack === first')).toBe(true);
  await expectLedger({ visits: 1, purchases: [purchase] });
});

test('of two tags with different keys the first runs, and the console says so', async ({
  page,
  service,
  site,
  tag,
  expectLedger,
}) => {
  const other = await service.addProvider('Beta CRM', site.origin);
  const errors = errorsOf(page);
  const options = { ...purchase, track: 'purchase' };
  const theirs = createTag(service.baseUrl, { partnerKey: other.partnerKey, ...options });
  const html = (tag(options) + theirs).replaceAll(' async', '');
  await page.goto(`${site.page('/thanks', html)}?onramp_ref=r`);
  await expectLedger({ visits: 1, purchases: [purchase] });
  expect(errors).toEqual(['onramp: duplicate partnerKey']);
  const ledger = createLedger(service, other);
  expect([await ledger.purchases(), await ledger.visits()]).toEqual([[], []]);
});

test('a tag without partner key does nothing, and the console says why', async ({
  page,
  context,
  service,
  site,
}) => {
  const errors = errorsOf(page);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  const html = createTag(service.baseUrl, { ...purchase, track: 'purchase' });
  await page.goto(`${site.page('/thanks', `${html}<p>Thanks</p>`)}?onramp_ref=r`);
  await expect(page.getByText('Thanks')).toBeVisible();
  await expect(() => expect(errors).toEqual(['onramp: no partnerKey'])).toPass();
  expect(requests.filter((address) => address.includes('SaasTrackings'))).toEqual([]);
  expect(await context.cookies()).toEqual([]);
});

/** Puts the tag into a page that has gone without it until now. */
function load(page: Page, tag: string) {
  return page.evaluate(injecting(tag));
}

test('a promise of the stub resolves with the real receipt', async ({ page, site, tag, expectLedger }) => {
  await page.goto(site.page('/', stub));
  const receipts = page.evaluate(
    (given) => Promise.all([window.onrampTrack(given), window.onrampTrack(given), window.onrampTrack()]),
    purchase,
  );
  await load(page, tag());
  expect(await receipts).toEqual([
    { status: 'sent' },
    { status: 'duplicate' },
    { status: 'invalid', reason: 'no serviceName' },
  ]);
  await expectLedger({ purchases: [purchase], rejections: 1 });
});

test('a call of an older, plain stub is kept', async ({ page, site, tag, expectLedger }) => {
  const calls = `<script>onrampTrack(${JSON.stringify(purchase)});onrampTrack()</script>`;
  await page.goto(site.page('/', plainStub + calls + tag({ ...purchase, orderId: 'o-2' })));
  await expectLedger({ purchases: [purchase, { ...purchase, orderId: 'o-2' }] });
});

for (const [name, html] of Object.entries({ 'the stub': stub, 'a plain stub': plainStub })) {
  test(`${name} that a page keeps in a variable works after load`, async ({
    page,
    site,
    tag,
    expectLedger,
  }) => {
    const keep = `<script>const kept = onrampTrack;</script><button onclick='kept(${JSON.stringify(purchase)})'>Buy</button>`;
    await page.goto(site.page('/', html + keep + tag()));
    await page.waitForFunction(() => !window.onrampTrack.toString().includes('arguments'));
    await page.getByRole('button').click();
    await expectLedger({ purchases: [purchase] });
  });
}

test('the stub kept in a variable still gives the real receipt after load', async ({
  page,
  site,
  tag,
  expectLedger,
}) => {
  await page.goto(site.page('/', stub));
  const kept = await page.evaluateHandle(() => window.onrampTrack);
  await load(page, tag());
  await page.waitForFunction((before) => window.onrampTrack !== before, kept);
  expect(await kept.evaluate((before, given) => before(given), purchase)).toEqual({ status: 'sent' });
  await expectLedger({ purchases: [purchase] });
});

test('the referral is told to who asks before load, and after it', async ({
  page,
  site,
  tag,
  expectLedger,
}) => {
  await page.goto(`${site.page('/', stub)}?onramp_ref=r`);
  const before = page.evaluate(() => window.onrampTrack('referral'));
  await load(page, tag());
  const referral = { id: 'r', source: 'param', landedAt: expect.any(Number) };
  expect(await before).toEqual(referral);
  expect(await page.evaluate(() => window.onrampTrack('referral'))).toEqual(referral);
  await expectLedger({ visits: 1 });
});
