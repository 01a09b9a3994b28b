import { expect } from '@playwright/test';
import { purchase, track } from '../support/purchase.ts';
import { stub } from '../support/tag.ts';
import { test } from './fixtures.ts';

test('a purchase made offline arrives as soon as the page is online again', async ({
  page,
  context,
  site,
  tag,
  expectLedger,
}) => {
  // Its timers stand still: only the event can bring the purchase.
  await page.clock.install();
  await page.goto(site.page('/', stub + tag()));
  expect(await page.evaluate(() => window.onrampTrack('referral'))).toBeNull();
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.addScriptTag({ content: 'navigator.sendBeacon = () => true' });
  await context.setOffline(true);
  await track(page);
  await context.setOffline(false);
  await expectLedger({ purchases: [purchase] });
});
