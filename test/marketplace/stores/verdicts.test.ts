import { describe, expect } from 'vitest';
import { createIds } from '../../../src/marketplace/ledger/id.ts';
import { dayMs } from '../../../src/wire/fields.ts';
import { queryDatabase } from '../support/database.ts';
import { bearer, fromAcme, purchase } from '../support/purchase.ts';
import { type Provider, type Service, startMs } from '../support/service.ts';
import { test } from '../support/test.ts';

const order = { ...purchase, orderId: 'o-1', purchasedAt: startMs };

const withClicks = test.extend('links', async ({ acme, addProvider, service }) => {
  const other = await addProvider();
  for (const provider of [acme, other]) await provider.addListing(`listing-${provider.partnerKey}`);
  /** The id that a click on the provider's link gives to its visitor. */
  return async (whose: 'own' | 'foreign') => {
    const { partnerKey } = whose === 'own' ? acme : other;
    const { headers } = await service.send(`/go/listing-${partnerKey}?campaign=tuesday`, {
      redirect: 'manual',
    });
    return new URL(headers.get('location') ?? '').searchParams.get('onramp_ref') ?? '';
  };
});

describe('the verdict on a purchase', () => {
  withClicks('by our link for the provider names the link and its campaign', async ({ acme, links }) => {
    await acme.post({ ...order, referral: await links('own'), referralSource: 'param', landedAt: startMs });
    expect(await acme.rows()).toMatchObject([
      { verdict: 'listing', listing: `listing-${acme.partnerKey}`, campaign: 'tuesday' },
    ]);
  });

  withClicks('by our link for another provider says no more', async ({ acme, links }) => {
    await acme.post({ ...order, referral: await links('foreign') });
    const [row] = await acme.rows();
    expect(row).toMatchObject({ verdict: 'foreign', referralMinted: false });
    expect(row).not.toHaveProperty('listing');
    expect(row).not.toHaveProperty('campaign');
  });

  test.for([
    ['unknown', { referral: 'r-1', referralSource: 'param', landedAt: startMs }, fromAcme],
    ['unknown', { referral: 'r-1' }, 'secret'],
    ['host', { referral: 'market.example', referralSource: 'referrer', landedAt: startMs }, fromAcme],
    [
      'expired',
      { referral: 'market.example', referralSource: 'referrer', landedAt: startMs - 31 * dayMs },
      fromAcme,
    ],
    ['none', {}, fromAcme],
    ['none', { page: 'https://acme.example/"trust":"server"' }, {}],
    ['server', { amount: '"trust":"unsigned"' }, 'secret'],
  ] as const)('%s', async ([verdict, fields, by], { acme }) => {
    await acme.post({ ...order, ...fields }, by === 'secret' ? bearer(acme.secret) : by);
    expect(await acme.rows()).toMatchObject([{ verdict }]);
    expect(await acme.rows(`?verdict=${verdict}`)).toHaveLength(1);
    expect(await acme.rows(`?verdict=${verdict === 'host' ? 'none' : 'host'}`)).toHaveLength(0);
  });

  withClicks(
    'expires thirty days after the click, whatever the page says',
    async ({ acme, links, service }) => {
      const referral = await links('own');
      service.time.now = startMs + 31 * dayMs;
      const late = { ...order, referral, referralSource: 'param', landedAt: service.time.now };
      await acme.post({ ...late, purchasedAt: startMs + 30 * dayMs });
      await acme.post({ ...late, orderId: 'o-2', purchasedAt: startMs + 30 * dayMs + 1 });
      expect((await acme.rows()).map(({ verdict }) => verdict)).toEqual(['expired', 'listing']);
    },
  );

  withClicks('changes as copies bring the referral', async ({ acme, links }) => {
    await acme.post(order, bearer(acme.secret));
    expect(await acme.rows()).toMatchObject([{ verdict: 'server' }]);
    await acme.post({ ...order, referral: await links('own') }, fromAcme);
    expect(await acme.rows()).toMatchObject([{ verdict: 'listing', levels: { referral: 'origin' } }]);
  });
});

describe('by a link whose click is not in the ledger', () => {
  const createId = createIds(Date.now);

  /** A click on the provider's link now, which is nowhere yet but in the visitor's address. */
  async function clickOn({ partnerKey }: Provider, { store, time }: Service) {
    const { id: providerId = 0 } = (await store.findProvider(partnerKey)) ?? {};
    const referral = store.mintReferral({ providerId, clickedAt: time.now, isForTests: false });
    const click = { id: createId(), providerId, listing: 'crm', campaign: 'tuesday', referral };
    return { kind: 'click' as const, ...click, clickedAt: time.now, isBot: false };
  }

  test('a purchase is judged by the id, and the click is written once when it comes', async ({
    acme,
    addProvider,
    service,
  }) => {
    const click = await clickOn(acme, service);
    const { referral } = click;
    await acme.post({ ...order, referral });
    await acme.post({ ...order, orderId: 'o-2', referral, purchasedAt: startMs - 1 });
    service.time.now += 31 * dayMs;
    await acme.post({ ...order, orderId: 'o-3', referral, purchasedAt: service.time.now });
    const [late, , row] = await acme.rows();
    expect([row, late]).toMatchObject([
      { verdict: 'listing', referralMinted: true },
      { verdict: 'expired', referralMinted: true },
    ]);
    expect(row).not.toHaveProperty('listing');
    const other = await addProvider();
    await other.post({ ...order, referral });
    expect(await other.rows()).toMatchObject([{ verdict: 'foreign', referralMinted: false }]);

    const again = { ...click, id: createId() };
    expect(await service.store.write([click, again])).toMatchObject([
      { result: 'created' },
      { result: 'duplicate' },
    ]);
    expect(await service.store.write([again])).toMatchObject([{ result: 'duplicate' }]);
    expect(await acme.clicks()).toMatchObject([{ listing: 'crm', referral }]);
    const { body } = await acme.page('/api/figures');
    expect(body.items).toMatchObject([{ clicks: 1, purchases: 3, attributed: 2 }]);

    // A copy that brings something new brings the row its link as well.
    await acme.post({ ...order, referral, amount: '5', currency: 'EUR' });
    expect((await acme.rows()).at(-1)).toMatchObject({ listing: 'crm', campaign: 'tuesday' });
  });

  test('a row keeps the link of a click that was deleted, and a test stays one', async ({
    acme,
    service,
  }) => {
    const click = await clickOn(acme, service);
    const { referral, providerId } = click;
    await service.store.write([click]);
    await acme.post({ ...order, referral });
    const ofTest = service.store.mintReferral({ providerId, clickedAt: startMs, isForTests: true });
    await queryDatabase(service.database, `delete from clicks where provider_id = ${providerId}`);
    await acme.post({ ...order, referral, amount: '5', currency: 'EUR' });
    await acme.post({ ...order, orderId: 'o-2', referral: ofTest });
    expect(await acme.rows()).toMatchObject([
      { test: true, verdict: 'listing' },
      { verdict: 'listing', listing: 'crm', campaign: 'tuesday', amount: '5' },
    ]);
  });

  test('an id of old is known by its click, and for its provider alone', async ({
    acme,
    addProvider,
    service,
  }) => {
    const referral = acme.partnerKey.padEnd(22, '_');
    await service.store.write([{ ...(await clickOn(acme, service)), referral }]);
    const other = await addProvider();
    for (const provider of [acme, other]) await provider.post({ ...order, referral: `${referral}/` });
    expect(await acme.rows()).toMatchObject([{ verdict: 'listing', referral, listing: 'crm' }]);
    expect(await other.rows()).toMatchObject([{ verdict: 'unknown' }]);
  });
});
