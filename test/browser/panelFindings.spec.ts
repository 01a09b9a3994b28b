import { expect } from '@playwright/test';
import { blockBeacons, blockImages, swallowBeacons } from '../support/faults.ts';
import { test } from '../support/fixtures.ts';
import { startGate } from '../support/gate.ts';
import { answerWith, drop } from '../support/handlings.ts';
import { panelOn, panelTag, withPanel } from '../support/panel.ts';
import { purchase, track } from '../support/purchase.ts';
import { createTag, stub } from '../support/tag.ts';

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
  // Only now, as the panel forgets what was bought when it was proven before it opened.
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
  await root.getByRole('heading', { name: 'Settings of the tag' }).click();
  await expect(section('Settings of the tag')).toContainText(provider.partnerKey);
  await expectLedger({ visits: 1, purchases: [{ ...purchase, amount: '49.9', referral: 'r-1' }] });
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
      createTag(service.baseUrl, { serviceName: 'Acme' }),
      'The tag has no partner key, so the pixel does not run',
    ],
    [tag({ costumerId: '42' }), 'data-costumer-id is ignored. Did you mean data-customer-id?'],
    [
      tag() + tag({ partnerKey: 'pk_other' }),
      'The tag stands 2 times in this page, with different partner keys',
    ],
    [tagWith({ partnerKey: 'pk_wrong' }), 'The marketplace does not know this partner key (403)'],
    [tag({ endpoint: 'http://localhost:9' }), 'localhost:9 cannot be reached from this browser'],
    [tag({ consent: 'required' }), 'The tag waits for consent, and none has been seen'],
    [
      tag().replace('onramp.js"', 'onramp.js" integrity="sha256-AAAA"') + panelTag(service.baseUrl),
      'The tag is there, but its script does not run',
    ],
    [tag(), 'The marketplace does not know this site as yours: purchases say “unsigned”', payment],
    [panelTag(service.baseUrl), 'There is no tag in this page'],
  ];
  for (const [html, finding, host = site] of rows) {
    await page.goto(withPanel(host.page('/', html)));
    await expect(panelOn(page).root.getByText(finding).first()).toBeVisible();
  }
  await expectLedger({});
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
  await context.unrouteAll();
  await context.addInitScript(swallowBeacons);
  const { way, findings } = await wayOf('Beacon');
  expect([way, findings]).toEqual([expect.stringMatching(/Unknown.*put its own sendBeacon in place/s), []]);
  await expectLedger({});
});

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
    root.getByText('A purchase left the outbox without being stored: Acme CRM · customer 42 · order o-1'),
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
  expect(await text()).toContain('cannot be reached from this browser');
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
  await expect(root.getByText('A call of onrampTrack was invalid: no serviceName')).toBeVisible();
  await root.getByRole('heading', { name: 'Calls of onrampTrack' }).click();
  await expect(section('Calls of onrampTrack')).toContainText('customerId: 42, sig: (hidden)');
  await expectLedger({ rejections: 1 });
});
