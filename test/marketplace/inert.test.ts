// Texts of strangers stand in pages, CSV, JSON and terminals, and do nothing there, whatever they are.
import { expect, test } from 'vitest';
import { lists } from '../../src/marketplace/reading/lists.ts';
import { signInOperator, signInProvider } from './support/browser.ts';
import { createCommandLine } from './support/command.ts';
import { crawl } from './support/crawl.ts';
import { parseCsv } from './support/csv.ts';
import { startOrdering } from './support/ordering.ts';
import { startProviderEndpoint } from './support/providerEndpoint.ts';
import { bearer, purchase } from './support/purchase.ts';
import { startMs } from './support/service.ts';
import { postReport, usage } from './support/subscription.ts';

/** A formula, markup, a way out of an attribute, and characters that terminals and bidirectional text obey. */
const evil = `=HYPERLINK("http://evil.example","x")"'><img src=x onerror=alert(1)><script>alert(2)</script>\u202E\u2066\u001b[2J\u009b31m\u0007`;
const obeyed = /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
const markup = /<img src=x|<script>alert/;
/** Links that run something, and handlers, among the attributes of the page's elements. */
function activeAttributes(page: string): string[] {
  const tags = page.match(/<[a-z][^>]*>/g) ?? [];
  const links = tags.filter((tag) => /(?:href|src|action)="\s*javascript:/i.test(tag));
  return [...links, ...tags.filter((tag) => /\son\w+=/i.test(tag.replace(/"[^"]*"/g, '')))];
}

/** Puts the text into every field that a stranger fills, and what a provider's answer says. */
async function fill() {
  const endpoint = await startProviderEndpoint((response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: evil, errors: { name: evil } }));
  });
  const ordering = await startOrdering({ url: endpoint.url });
  const { service, secret } = ordering;
  const { store } = service;
  await store.changeProvider('pk_acme', { name: evil });
  const provider = await store.findProvider('pk_acme');
  await store.putListing({
    name: 'acme',
    providerId: provider?.id ?? 0,
    landingUrl: 'https://acme.example/',
  });

  const click = await service.send(`/go/acme?campaign=${encodeURIComponent(evil.slice(0, 100))}`);
  const minted = new URL(click.headers.get('location') ?? '').searchParams.get('onramp_ref');
  const named = {
    partnerKey: 'pk_acme',
    serviceName: evil,
    customerId: evil,
    orderId: evil,
    page: `https://a.example/${evil}`,
  };
  const wrong = { amount: evil, currency: evil, referralSource: evil, landedAt: evil, sig: `${evil}.1.x` };
  for (const referral of [evil, minted]) {
    await service.post({ ...named, purchasedAt: startMs, event: 'visit', referral, landedAt: startMs });
    await service.post({ ...named, purchasedAt: startMs, event: 'signup', referral });
    await service.post({
      ...named,
      orderId: `${evil} ${referral}`,
      purchasedAt: startMs,
      referral,
      ...wrong,
      sig: '',
    });
  }
  await service.post({
    ...named,
    orderId: 'A-1',
    purchasedAt: startMs,
    amount: '5',
    currency: 'EUR',
    referral: minted,
    landedAt: startMs,
  });
  const money = { amount: '1', currency: 'EUR', purchasedAt: startMs };
  await service.post({ ...named, event: 'renewal', orderId: 'R-1', ...money }, bearer(secret));
  await service.post({ ...named, event: 'refund', orderId: 'A-1', ...money }, bearer(secret));
  // Refused.
  await service.post({ ...named, purchasedAt: evil, ...wrong });
  await service.post({ ...named, partnerKey: evil, purchasedAt: startMs });
  await service.post({ ...purchase, customerId: '', serviceName: evil });
  await service.post({ ...purchase, event: evil, orderId: evil });
  await service.postRaw(evil);

  await postReport(service, { ...usage, providerkey: secret, coid: evil, sku: evil });
  const token = await ordering.placeOrder({
    name: evil.replace(new RegExp(obeyed, 'gu'), ''),
    email: 'ada@buyer.example',
  });
  await ordering.becomes(token, { status: 'failed' });
  return { service, secret };
}

test('whatever strangers write does nothing, in pages, CSV, JSON and terminals', async () => {
  const { service, secret } = await fill();
  const operator = await signInOperator(service, 'ada');
  const provider = await signInProvider(service, { partnerKey: 'pk_acme' });

  const pages = [...(await crawl(operator, '/console')), ...(await crawl(provider, '/provider'))];
  expect(pages.length).toBeGreaterThan(25);
  let shown = 0;
  for (const { path, status, headers, text } of pages) {
    expect({ path, status }).toEqual({ path, status: 200 });
    expect(headers.get('content-security-policy'), path).toMatch(
      /default-src 'none'.*require-trusted-types-for 'script'/,
    );
    expect(text, path).not.toMatch(markup);
    expect(activeAttributes(text), path).toEqual([]);
    // What stands in a field has to be sent again as it is, and turns nothing beyond the field.
    const outside = text.replace(/ value="[^"]*"/g, '').replace(/[\t\r]/g, '');
    expect(outside.match(obeyed), path).toBeNull();
    shown += text.split('&lt;img src=x').length - 1;
  }
  expect(shown).toBeGreaterThan(20);

  for (const path of Object.keys(lists)) {
    const json = await service.send(path, { headers: bearer(secret) });
    const { text } = {
      text: await (await fetch(service.baseUrl + path, { headers: bearer(secret) })).text(),
    };
    expect(text.match(obeyed), path).toBeNull();
    expect(json.headers.get('x-content-type-options')).toBe('nosniff');
    const csv = await (await fetch(`${service.baseUrl}${path}.csv`, { headers: bearer(secret) })).text();
    const { rows } = parseCsv(csv);
    expect(rows.length, path).toBeGreaterThan(0);
    for (const cell of rows.flatMap((row) => Object.values(row))) {
      expect(cell, path).not.toMatch(/^[\s\p{C}]*[=+@\t\r]|^-(?!\d+(\.\d+)?$)/u);
      expect(cell.match(obeyed), path).toBeNull();
    }
  }

  const line = await createCommandLine();
  for (const command of [
    'purchases list --event visit,signup,purchase,renewal,refund',
    'rejections list',
    'orders list',
    'subscriptions list',
  ]) {
    for (const json of ['', ' --json']) {
      const { exitCode, stdout } = await line.run(command + json, { DATABASE_URL: service.database });
      expect({ command, exitCode }).toEqual({ command, exitCode: 0 });
      expect(stdout.match(obeyed), command).toBeNull();
    }
  }
});
