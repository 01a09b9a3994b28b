/**
 * What the public types have to reject: `tsc --build` fails when one of the marked lines compiles, or when one
 * of the others does not. Nothing here is run.
 */
import { type OnrampTrack, type Purchase, type Receipt, startOnramp } from '../../../src/pixel/index.ts';

export async function rejected(track: OnrampTrack, receipt: Receipt) {
  // @ts-expect-error no such field
  await track({ customer: 1 });
  // @ts-expect-error an object is no id
  await track({ customerId: { id: 1 } });
  // @ts-expect-error a service is named by a text
  await track({ serviceName: 1 });
  // @ts-expect-error a currency is a code
  await track({ currency: 978 });
  // @ts-expect-error no such command
  await track('consent');
  // @ts-expect-error a receipt has no referral
  (await track({ customerId: 1 })).landedAt;
  // @ts-expect-error it says nothing of the referral
  (await track('consent', true)).id;
  // @ts-expect-error there may be none
  (await track('referral')).id;
  // @ts-expect-error no such status
  receipt.status === 'ok';
  // @ts-expect-error bundled code has no script whose origin could be the endpoint
  startOnramp({ partnerKey: 'pk_acme' });
  // @ts-expect-error nobody to track for
  startOnramp({ endpoint: 'https://market.example' });
  const needed = { partnerKey: 'pk_acme', endpoint: 'https://market.example' };
  // @ts-expect-error no such attribution
  startOnramp({ ...needed, attribution: 'lats' });
  // @ts-expect-error no such consent: nothing would be asked for
  startOnramp({ ...needed, consent: 'none' });
  // @ts-expect-error a visit is the pixel's own business
  startOnramp({ ...needed, track: 'visit' });
  // @ts-expect-error no such event
  await track({ event: 'renewal' });
  // @ts-expect-error no such option
  startOnramp({ partnerKey: 'pk_acme', endpoint: 'https://market.example', visitorId: '1' });
}

export async function accepted(track: OnrampTrack) {
  const needed = { partnerKey: 'pk_acme', endpoint: 'https://market.example' };
  startOnramp({ ...needed, windowDays: 30, attribution: 'first', track: 'signup', consent: 'required' });
  startOnramp({ ...needed, windowDays: '30', customerId: 42, purchasedAt: new Date(), event: 'purchase' });
  const purchase: Purchase = { customerId: 1, orderId: 'o-1', amount: 49.9, currency: 'EUR', sig: '' };
  const receipts: Receipt[] = [await track(), await track(purchase)];
  for (const purchasedAt of [new Date(), '2017-03-01', 0]) receipts.push(await track({ purchasedAt }));
  const referral = await track('referral');
  return [receipts[0]?.reason?.length, referral?.landedAt.toFixed()];
}
