// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest';
import { toStoredText } from '../../../src/wire/text.ts';
import { trackingEncodingVectors } from '../../support/vectors.ts';
import { openPage, startMs, useFreshBrowser } from './support/page.ts';

useFreshBrowser();

const purchase = { serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' };

/** A page that has looked at what others have stored, so that each image is for a purchase of its own. */
async function openSettledPage() {
  const page = await openPage();
  await vi.advanceTimersByTimeAsync(1000);
  return page;
}

test('a purchase is written as the vector says', async () => {
  const vector = trackingEncodingVectors.find(({ name }) => name === 'a purchase as the pixel writes it');
  vi.setSystemTime(1488300000000);
  await openPage({}, { url: 'https://acme.example/?onramp_ref=r_0123456789abcdef' });
  vi.setSystemTime(1488362399000);
  const { track, beacons, pictures } = await openPage({}, { url: 'https://acme.example/thanks?code=1#top' });
  // The page has looked at what others have stored.
  await vi.advanceTimersByTimeAsync(1000);
  await track({ ...purchase, amount: '49.90', currency: 'EUR' });
  expect(beacons.map(({ message }) => message)).toEqual([vector?.query]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(pictures.map(({ message }) => message)).toEqual([
    vector?.query.replace('clock=1488362400000', 'clock=1488362401000'),
  ]);
});

describe('clock', () => {
  test('says the time of each send where the pixel stamped the purchase', async () => {
    const { track, beacons, pictures } = await openSettledPage();
    await track(purchase);
    await vi.advanceTimersByTimeAsync(4000);
    const sent = [...beacons, ...pictures].map(({ fields }) => [fields.purchasedAt, fields.clock]);
    const purchasedMs = startMs + 1000;
    expect(sent).toEqual([0, 1000, 4000].map((later) => [`${purchasedMs}`, `${purchasedMs + later}`]));
  });

  test('is not sent where the time was given', async () => {
    const { track, beacons, pictures } = await openSettledPage();
    await track({ ...purchase, purchasedAt: '2017-03-01' });
    await vi.advanceTimersByTimeAsync(4000);
    for (const { fields } of [...beacons, ...pictures]) expect(fields).not.toHaveProperty('clock');
    const sent = [...beacons, ...pictures].map(({ fields }) => fields.sent);
    expect(sent).toEqual([1000, 2000, 5000].map((later) => `${startMs + later}`));
    expect(new Set(pictures.map(({ message }) => message)).size).toBe(2);
  });
});

describe('text', () => {
  test.each([
    'Größe 你好 🚀',
    'R&D = 100% + #1?;',
    'a+b c/d',
    '%41',
    '"quotes" & <b>angles</b>',
    '4\r\n2',
    'lone \ud83d high',
    'lone \ude80 low',
    '\udc00\ud800 swapped',
    'cut 🚀'.slice(0, -1),
  ])('%j is read by the service as it stores it, from beacon and image', async (customerId) => {
    const { track, beacons, pictures } = await openSettledPage();
    await track({ ...purchase, customerId });
    await vi.advanceTimersByTimeAsync(1000);
    const read = [...beacons, ...pictures].map(({ fields }) => fields.customerId);
    expect(read).toEqual(Array(2).fill(toStoredText(customerId)));
  });

  test('a cut through an emoji leaves a replacement character', async () => {
    const { track, beacons } = await openPage();
    await track({ ...purchase, orderId: `${'x'.repeat(499)}🚀` });
    expect(beacons[0]?.fields.orderId).toBe(`${'x'.repeat(499)}\uFFFD`);
  });
});

describe('page', () => {
  test.each([
    ['https://www.acme.example/', 'https://www.acme.example/'],
    ['https://www.acme.example/a/b?token=secret#x', 'https://www.acme.example/a/b'],
    ['https://www.acme.example/a#x?y', 'https://www.acme.example/a'],
    ['https://www.acme.example:8443/a', 'https://www.acme.example:8443/a'],
  ])('%s', async (url, page) => {
    const { track, beacons } = await openPage({}, { url });
    await track(purchase);
    expect(beacons[0]?.fields.page).toBe(page);
  });
});

describe('endpoint', () => {
  test.each([
    ['https://market.example', 'https://market.example/api/SaasTrackings'],
    ['https://market.example/', 'https://market.example/api/SaasTrackings'],
    ['https://market.example/base', 'https://market.example/base/api/SaasTrackings'],
    ['https://market.example/base//', 'https://market.example/base/api/SaasTrackings'],
  ])('%s', async (endpoint, address) => {
    const { track, beacons, pictures } = await openPage({ endpoint });
    await track(purchase);
    await vi.advanceTimersByTimeAsync(1000);
    expect(beacons[0]?.address).toBe(address);
    expect(pictures[0]?.address).toBe(`${address}.gif`);
  });
});
