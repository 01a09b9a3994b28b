import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect } from '@playwright/test';
import { blockBeacons, blockImages, swallowBeacons } from '../support/faults.ts';
import { startGate } from '../support/gate.ts';
import { answerWith, drop } from '../support/handlings.ts';
import { panelOn, panelTag, withPanel } from '../support/panel.ts';
import { purchase, track } from '../support/purchase.ts';
import { createTag, stub } from '../support/tag.ts';
import { test } from './fixtures.ts';

function readDist(file: string): Promise<string> {
  return readFile(resolve(import.meta.dirname, `../../dist${file}`), 'utf8');
}

// Most of them wait: beside each other, they would leave the processor with nothing to do.
test.describe.configure({ mode: 'default' });

test('a page in good order: nothing is wrong, all is shown, and nothing is recorded but the purchase', async ({
  page,
  site,
  provider,
  tag,
  expectLedger,
}) => {
  await page.goto(withPanel(`${site.page('/', stub + tag())}?onramp_ref=r-1`));
  const { root, summary, section, text } = panelOn(page);
  await text();
  // Only now, as nothing is kept of what was proven before the panel opened but that it was.
  await track(page, { ...purchase, amount: '49.90', currency: 'EUR' });
  await expect(summary).toHaveText(/Nothing wrong found/);
  const ways = section('Ways to the marketplace');
  await expect(ways.getByText('It knows your partner key, and this site as yours')).toBeVisible();
  await expect(ways.getByText('Let through')).toHaveCount(2);
  const purchases = section('Purchases in this browser');
  await expect(purchases).toContainText('Acme CRM · customer 42 · order o-1 · 49.90 EUR');
  await expect(purchases).toContainText('Proven');
  await root.getByRole('heading', { name: 'Referral' }).click();
  await expect(section('Referral')).toContainText('a parameter of the landing page’s address');
  await root.getByRole('heading', { name: 'Settings' }).click();
  await expect(section('Settings')).toContainText(provider.partnerKey);
  await expectLedger({ visits: 1, purchases: [{ ...purchase, amount: '49.90', referral: 'r-1' }] });
});

test('what is wrong with a tag and its page is said', async ({
  page,
  site,
  payment,
  service,
  provider,
  tag,
  expectLedger,
}) => {
  const { partnerKey } = provider;
  const tagWith = (options: Record<string, string>) => createTag(service.baseUrl, { partnerKey, ...options });
  const rows: [html: string, finding: string, host?: typeof site][] = [
    [
      createTag(service.baseUrl, { serviceName: 'Acme' }) + panelTag(service.baseUrl),
      'The tag has no partner key, so the pixel does not run',
    ],
    [tag({ costumerId: '42' }), 'data-costumer-id is ignored. Did you mean data-customer-id?'],
    [
      tag() + tag({ partnerKey: 'pk_other' }),
      'The tag stands 2 times in this page, with different partner keys',
    ],
    [tagWith({ partnerKey: 'pk_wrong' }), 'The marketplace does not know this partner key (403)'],
    [tag({ endpoint: 'http://localhost:9' }), 'localhost:9 cannot be reached from this browser'],
    [tag({ consent: 'required' }), 'The pixel waits for consent, and none has been seen'],
    [
      tag({ endpoint: `${service.baseUrl}/shop` }),
      "data-endpoint has the path /shop, where the marketplace's service does not answer",
    ],
    [
      tag({ endpoint: `${service.baseUrl}/api/SaasTrackings` }),
      "data-endpoint has the service's own path in it, so no message reaches the service",
    ],
    [
      tag({ endpoint: site.origin }),
      `What answers at ${new URL(site.origin).host} is not the marketplace’s service`,
    ],
    [tag({ endpoint: 'market.example' }), 'data-endpoint="market.example" has no https:// before it'],
    [tag({ amount: '49.90' }), 'data-amount="49.90" has no currency'],
    [
      tag().replace('onramp.js"', 'onramp.js" integrity="sha256-AAAA"') + panelTag(service.baseUrl),
      'The tag is there, but its script does not run',
    ],
    [tag(), 'The marketplace does not know this site as yours: purchases say “unsigned”', payment],
    [panelTag(service.baseUrl), 'There is no tag in this page'],
  ];
  for (const [html, finding, host = site] of rows) {
    await page.goto(withPanel(host.page('/', html)));
    const { root, text } = panelOn(page);
    await expect(root.getByText(finding).first()).toBeVisible();
    await text();
  }
  await expectLedger({});
});

test('data-track that is neither purchase nor signup', async ({ page, site, tag, expectLedger }) => {
  await page.goto(withPanel(site.page('/', tag({ ...purchase, track: 'order' }))));
  await expect(panelOn(page).root.getByText('data-track="order" records no purchase')).toBeVisible();
  await expectLedger({ rejections: 1 });
});

test('a script from the own host: messages go there, and the panel says what answers', async ({
  page,
  site,
  service,
  provider,
  expectLedger,
}) => {
  for (const file of ['/onramp.js', '/onramp_debug.js']) site.script(file, await readDist(file));
  const title = (host: string) =>
    `The script comes from this page's own host, so messages go to ${host}, not to the marketplace`;
  const { partnerKey } = provider;
  await page.goto(withPanel(site.page('/', createTag(site.origin, { partnerKey }))));
  const { root, summary } = panelOn(page);
  await expect(root.getByText(title(new URL(site.origin).host))).toBeVisible();
  await expect(root.getByText('purchases are lost')).toBeVisible();
  await expect(summary).toHaveText(/1 problem$/);
  await page.goto(
    withPanel(site.page('/', createTag(site.origin, { partnerKey, endpoint: service.baseUrl }))),
  );
  await expect(summary).toHaveText(/Nothing wrong found/);

  // A site that hands the service's paths on.
  const { baseUrl } = service;
  const body = createTag(baseUrl, { partnerKey });
  await page.route(`${baseUrl}/?onramp_debug`, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(withPanel(`${baseUrl}/`));
  await expect(root.getByText(title(new URL(baseUrl).host))).toBeVisible();
  await expect(summary).toHaveText(/to check$/);
  await expectLedger({});
});

test('a call from before the panel loaded is a problem, with what it lacks and where', async ({
  page,
  site,
  tag,
  expectLedger,
}) => {
  const call =
    "<script>onrampTrack({ customerId: '{{ user.id }}', orderId: 'o-1', amount: '49.90' })</script>";
  await page.goto(withPanel(site.page('/', stub + call + tag({ serviceName: 'Acme CRM' }))));
  const { root, summary, section, text } = panelOn(page);
  expect(await text()).toContain(
    'customerId in a call is "{{ user.id }}": a template that was not filled in',
  );
  await expect(root.getByText('That purchase was invalid (no customerId)')).toBeVisible();
  await expect(root.getByText('amount: "49.90" in a call has no currency')).toBeVisible();
  await expect(summary).toHaveText(/1 problem, 1 thing to check/);
  await root.getByRole('heading', { name: 'Calls of onrampTrack' }).click();
  await expect(section('Calls of onrampTrack')).toContainText(
    'Before this panel loaded: something required is missing or wrong (no customerId)',
  );
  await expectLedger({ rejections: 1 });
});

test('a pixel that a module has started, twice as React does: one panel, which says so', async ({
  page,
  site,
  service,
  provider,
  expectLedger,
}) => {
  site.script('/onramp.mjs', await readDist('/onramp.mjs'));
  const options = { endpoint: service.baseUrl, partnerKey: provider.partnerKey, serviceName: 'Acme CRM' };
  const app = `<script type="module" data-track="purchase">
    import { startOnramp } from '/onramp.mjs';
    startOnramp(${JSON.stringify(options)});
    const track = startOnramp(${JSON.stringify(options)});
    track({ customerId: '', orderId: 'o-1' });
    track({ customerId: '42', event: 'signup' });
  </script>`;
  await page.goto(withPanel(site.page('/', app)));
  const { root, summary, section, text } = panelOn(page);
  const shown = await text();
  await expect(root).toHaveCount(1);
  for (const part of [
    'The pixel was started by a module, startOnramp, and not by a tag',
    'A script has data-track, but the pixel was started by a module, which does not read it',
    'Neither the call nor what startOnramp was given has a customerId',
    'It knows your partner key, and this site as yours',
  ]) {
    expect(shown).toContain(part);
  }
  await expect(summary).toHaveText(/2 problems$/);
  await expect(section('Settings')).toContainText('Acme CRM startOnramp');
  await expect(section('Purchases in this browser')).toContainText('Signup · Acme CRM · customer 42');
  await expect(section('Calls of onrampTrack')).toContainText('invalid');
  await expectLedger({ rejections: 1, signups: [{ customerId: '42', serviceName: 'Acme CRM' }] });
});

for (const [directive, allowed, finding, way] of [
  ['connect-src', 'img-src', "This page's Content Security Policy stops beacons (connect-src)", 'Beacon'],
  ['img-src', 'connect-src', "This page's Content Security Policy stops the image (img-src)", 'Image'],
] as const) {
  test(`a policy without ${directive} is named`, async ({ page, site, service, tag, expectLedger }) => {
    const policy = `script-src ${service.baseUrl}; ${allowed} ${service.baseUrl}; ${directive} 'self'`;
    const html = tag(purchase);
    await page.goto(withPanel(site.page('/', html, { 'content-security-policy': policy })));
    const { root, section } = panelOn(page);
    await expect(root.getByText(finding)).toBeVisible();
    await expect(section('Ways').getByRole('listitem').filter({ hasText: way })).toContainText('Stopped');
    await expectLedger({});
  });
}

test('a blocked image, a blocked beacon and a beacon that lies are told apart', async ({
  context,
  site,
  tag,
  expectLedger,
}) => {
  const address = withPanel(site.page('/', stub + tag()));
  const wayOf = async (name: string) => {
    const page = await context.newPage();
    await page.goto(address);
    const panel = panelOn(page);
    await panel.text();
    const way = await panel.section('Ways').getByRole('listitem').filter({ hasText: name }).textContent();
    const findings = await panel.root.getByRole('listitem').getByRole('strong').allTextContents();
    await page.close();
    return { way, findings };
  };
  await blockImages(context);
  expect(await wayOf('Image')).toEqual({
    way: expect.stringContaining('Stopped'),
    findings: ['The image does not come through'],
  });
  await context.unrouteAll();
  await blockBeacons(context);
  expect(await wayOf('Beacon')).toEqual({
    way: expect.stringContaining('Stopped'),
    findings: ['Beacons leave this page but get no answer'],
  });
  await blockImages(context);
  const both = 'Beacons and images are both blocked: no purchase can leave this page';
  expect((await wayOf('Beacon')).findings).toEqual([both]);
  await context.unrouteAll();
  await context.addInitScript(swallowBeacons);
  const { way, findings } = await wayOf('Beacon');
  expect([way, findings]).toEqual([expect.stringMatching(/Unknown.*put its own sendBeacon in place/s), []]);
  await expectLedger({});
});

test('a policy that stops both ways: no purchase can leave the page', async ({
  page,
  site,
  service,
  tag,
  expectLedger,
}) => {
  const policy = `script-src ${service.baseUrl}; connect-src 'self'; img-src 'self'`;
  await page.goto(withPanel(site.page('/', tag(), { 'content-security-policy': policy })));
  const { root, summary } = panelOn(page);
  await expect(
    root.getByText('Beacons and images are both blocked: no purchase can leave this page'),
  ).toBeVisible();
  await expect(root.getByText(`add ${service.baseUrl} to img-src and connect-src`)).toBeVisible();
  await expect(summary).toHaveText(/1 problem$/);
  await expectLedger({});
});

for (const { name, answer, ledger } of [
  {
    name: 'stored',
    answer: 'The marketplace has it. Its picture says so',
    ledger: { purchases: [purchase] },
  },
  { name: 'refused', answer: 'The marketplace refuses it for good', ledger: {} },
]) {
  test(`where only pictures come through, they say that a purchase is ${name}`, async ({
    page,
    site,
    service,
    provider,
    expectLedger,
  }) => {
    const gate = await startGate(service.baseUrl);
    gate.handle('image', drop);
    const partnerKey = name === 'stored' ? provider.partnerKey : 'pk_wrong';
    const html = createTag(gate.origin, { ...purchase, partnerKey, track: 'purchase' });
    const policy = `script-src ${gate.origin}; connect-src 'self'; img-src ${gate.origin}`;
    await page.goto(withPanel(site.page('/', html, { 'content-security-policy': policy })));
    const { section, button, text } = panelOn(page);
    await text();
    // The pixel has asked for its proof twice: it asks again in three seconds.
    const tries = () => gate.passages.filter(({ message }) => message.has('customerId')).length;
    await expect.poll(tries).toBeGreaterThanOrEqual(2);
    gate.free();
    await button('Ask for the proof now').click();
    await expect(section('Purchases in this browser')).toContainText(answer);
    await expectLedger(ledger);
    await gate.stop();
  });
}

test('a purchase that was refused: it left the outbox, and the panel asks why', async ({
  page,
  site,
  service,
  expectLedger,
}) => {
  const html = stub + createTag(service.baseUrl, { partnerKey: 'pk_wrong' });
  await page.goto(withPanel(site.page('/', html)));
  const { root, section, button } = panelOn(page);
  await button('Ask again').waitFor();
  await track(page);
  await expect(
    root.getByText('A purchase left the outbox without a proof: Acme CRM · customer 42 · order o-1'),
  ).toBeVisible();
  await button('Ask why').click();
  const purchases = section('Purchases in this browser');
  await expect(purchases).toContainText('The marketplace does not know this partner key (403).');
  await expectLedger({});
});

test('a purchase that waits: the panel asks for the proof, and says what the service answers', async ({
  page,
  site,
  service,
  provider,
  expectLedger,
}) => {
  const gate = await startGate(service.baseUrl);
  gate.handle('image', drop);
  gate.handle('beacon', drop);
  const html = stub + createTag(gate.origin, { partnerKey: provider.partnerKey });
  await page.goto(withPanel(site.page('/', html)));
  const { section, button, text } = panelOn(page);
  expect(await text()).toContain('Beacons and images are both blocked: no purchase can leave this page');
  await track(page);
  const purchases = section('Purchases in this browser');
  await expect(purchases).toContainText('waits for less than a minute');
  const question = button('Ask for the proof now');
  await question.click();
  await expect(purchases).toContainText('No answer came from the service.');
  // As the service says it: pages may read its status.
  gate.handle('image', answerWith({ status: 503, headers: { 'access-control-allow-origin': '*' } }));
  await question.click();
  await expect(purchases).toContainText('The service could not store it at the moment (503).');
  // The pixel itself has asked after four seconds: it asks again in twelve.
  const ages = () =>
    gate.passages.map(({ message }) => Number(message.get('clock')) - Number(message.get('purchasedAt')));
  await expect.poll(() => Math.max(...ages())).toBeGreaterThan(3_500);
  gate.free();
  await question.click();
  await expect(purchases).toContainText('The marketplace has it');
  await expectLedger({ purchases: [purchase] });
  await gate.stop();
});

test('a call that lacks something is told with its receipt', async ({ page, site, tag, expectLedger }) => {
  await page.goto(withPanel(site.page('/', stub + tag())));
  const { root, section, text } = panelOn(page);
  await text();
  expect(await track(page, { customerId: '42', sig: 'k.1.mac' })).toMatchObject({ status: 'invalid' });
  await expect(root.getByText('Neither the call nor data-service-name has a serviceName')).toBeVisible();
  await root.getByRole('heading', { name: 'Calls of onrampTrack' }).click();
  await expect(section('Calls of onrampTrack')).toContainText('customerId: 42, sig: (hidden)');
  await expectLedger({ rejections: 1 });
});
