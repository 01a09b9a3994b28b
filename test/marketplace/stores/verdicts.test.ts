import { describe, expect } from 'vitest';
import { dayMs } from '../../../src/wire/fields.ts';
import { bearer, fromAcme, purchase } from '../support/purchase.ts';
import { startMs } from '../support/service.ts';
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
