import { expect } from '@playwright/test';
import { type App, createApp } from '../module/support/app.ts';
import { test } from '../support/fixtures.ts';

let app: App;

// Installs the bundlers where `npm test` hasn't done so before.
test.beforeAll(async () => {
  test.setTimeout(180_000);
  app = await createApp();
});

test.afterAll(() => app.remove());

/** React's StrictMode runs each effect twice, and the page starts the pixel once more, as a hot reload would. */
const main = `
  import { startOnramp } from 'onramp-pixel';
  import { createElement, StrictMode, useEffect } from 'react';
  import { createRoot } from 'react-dom/client';
  import { Purchase } from './Purchase.jsx';

  startOnramp({ partnerKey: 'pk_acme', endpoint: 'https://market.example', serviceName: 'Acme CRM' });
  const order = { customerId: '42', orderId: 'A-1001', amount: '49.90', currency: 'EUR' };
  function EffectCounter() {
    useEffect(() => { document.title += '!'; }, []);
    return null;
  }
  const isThanks = location.pathname == '/thanks';
  createRoot(document.querySelector('#root')).render(
    createElement(StrictMode, null, createElement(EffectCounter), isThanks && createElement(Purchase, order)),
  );
`;

test('a bundled pixel keeps the referral of the landing and reports a purchase once, called twice', async ({
  page,
  context,
  service,
  provider,
  site,
  ledger,
  expectLedger,
}) => {
  await app.write('index.html', '<script type="module" src="/src/main.jsx"></script>');
  const pixel = await app.read('src/pixel.js');
  for (const [path, text] of [
    ['src/main.jsx', main],
    ['src/pixel.js', pixel],
  ] as const) {
    const own = text
      .replace('pk_acme', provider.partnerKey)
      .replace('https://market.example', service.baseUrl);
    await app.write(path, own);
  }
  // React's development build: only that one has a StrictMode.
  await app.run('npx vite build --outDir react', { NODE_ENV: 'development' });
  const script = site.script('/app.js', await app.readScripts('react'));
  const html = `<div id="root"></div><script type="module" src="${script}"></script>`;
  const sent: string[] = [];
  context.on('request', (request) => {
    if (request.method() === 'POST')
      sent.push(new URLSearchParams(`${request.postData()}`).get('event') ?? '');
  });

  await page.goto(`${site.page('/', html)}?onramp_ref=ref-1`);
  await expect.poll(async () => (await ledger.visits()).length).toBe(1);
  await page.goto(site.page('/thanks', html));
  await expect(page).toHaveTitle('/thanks!!');
  await expectLedger({
    visits: 1,
    purchases: [
      {
        serviceName: 'Acme CRM',
        customerId: '42',
        orderId: 'A-1001',
        amount: '49.90',
        currency: 'EUR',
        referral: 'ref-1',
        trust: 'origin',
      },
    ],
  });
  expect(sent).toEqual(['visit', 'purchase']);
});
