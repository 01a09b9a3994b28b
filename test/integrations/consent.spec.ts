import { expect } from '@playwright/test';
import { test } from '../browser/fixtures.ts';
import { readGuide } from '../provider/guides/support/guide.ts';
import { stub } from '../support/tag.ts';
import { managers } from './consent/managers.ts';

const { files, promised } = await readGuide('guides/consent');

for (const [name, { file, globals, before = '', behind, accept, withdraw }] of Object.entries(managers)) {
  test.describe(name, () => {
    test.use({ foreignGlobals: globals });

    test('nothing before the answer, all with a yes, said again on the next page, deleted with a no', async ({
      page,
      context,
      service,
      site,
      provider,
      expectLedger,
    }) => {
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      site.script('/consent.js', files.get(file) ?? `no ${file} in the guide`);
      const head = (files.get('page.html') ?? '')
        .replace('https://market.example', service.baseUrl)
        .replace('pk_acme', provider.partnerKey);
      const html = before + head + ((await behind?.(site)) ?? '');
      const stored = async () => {
        const cookies = (await context.cookies()).map((cookie) => cookie.name);
        const keys = await page.evaluate(() => Object.keys(localStorage));
        return [...cookies, ...keys].filter((key) => key.startsWith('onramp'));
      };

      // Bought before the manager has said anything: what it says of a visitor without an answer must not cost it.
      const fields = ['customerId', 'orderId', 'amount', 'currency'] as const;
      const bought = JSON.stringify(Object.fromEntries(fields.map((name) => [name, promised[0]?.[name]])));
      const call = `${stub}<script>onrampTrack(${bought})</script>`;
      await page.goto(`${site.page('/thanks', call + html)}?onramp_ref=test`);
      expect(await stored()).toEqual([]);
      expect(requests.filter((address) => address.includes('SaasTrackings'))).toEqual([]);

      await accept(page);
      await expectLedger({ visits: 1, purchases: [...promised] });

      await page.goto(site.page('/next', html));
      const referral = () => page.evaluate(() => window.onrampTrack('referral'));
      await expect(async () => expect(await referral()).toMatchObject({ id: 'test' })).toPass();

      await withdraw(page);
      expect(await stored()).toEqual([]);
      expect(await referral()).toBeNull();
    });
  });
}
