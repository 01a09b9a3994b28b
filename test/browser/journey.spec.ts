import { expect } from '@playwright/test';
import { purchase, track } from '../support/purchase.ts';
import { stub } from '../support/tag.ts';
import { test } from './fixtures.ts';

test('from the marketplace over signup and payment to the thank-you page', async ({
  page,
  service,
  provider,
  site,
  payment,
  tag,
  expectLedger,
}) => {
  const landing = site.page('/', `${tag()}<a href="/signup">Sign up</a>`);
  const thanks = site.page(
    '/thanks',
    tag({ ...purchase, track: 'purchase', amount: '49.90', currency: 'eur' }),
  );
  const pay = payment.page('/pay', `<a href="${thanks}">Pay</a>`);
  site.page('/signup', `${tag()}<a href="${pay}">Buy</a>`);
  const link = await service.addListing(`journey-${provider.partnerKey}`, provider, landing);
  const listing = payment.page('/listing', `<a href="${link}">Get it</a>`);

  await page.goto(listing);
  for (const name of ['Get it', 'Sign up', 'Buy', 'Pay']) await page.getByRole('link', { name }).click();

  await expectLedger({
    clicks: 1,
    visits: 1,
    purchases: [
      {
        ...purchase,
        amount: '49.90',
        currency: 'EUR',
        trust: 'origin',
        referralMinted: true,
        referralSource: 'param',
      },
    ],
  });
});

test('a purchase that the service had already when it was killed counts once', async ({
  page,
  service,
  site,
  tag,
  expectLedger,
}) => {
  const thanks = site.page('/thanks', tag({ ...purchase, track: 'purchase' }));
  await page.goto(thanks);
  await expectLedger({ purchases: [purchase] });
  await service.kill();
  await service.resume();
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await expectLedger({ purchases: [purchase] });
});

test('a purchase that lacks its customer stands among the rejections', async ({
  page,
  site,
  tag,
  expectLedger,
}) => {
  await page.goto(site.page('/', stub + tag()));
  const receipt = await track(page, { serviceName: 'Acme CRM' });
  expect(receipt).toEqual({ status: 'invalid', reason: expect.stringContaining('customerId') });
  await expectLedger({ rejections: 1 });
});
