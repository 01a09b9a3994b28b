// Lines that must not compile, and some that must.

/** What an editor has to underline. Each line that compiles after all is an error of its own. */
export const misuse = `
import { startOnramp } from 'onramp-pixel';
const market = { partnerKey: 'pk_acme', endpoint: 'https://market.example' };
const onrampTrack = startOnramp(market);
// @ts-expect-error: no endpoint
startOnramp({ partnerKey: 'pk_acme' });
// @ts-expect-error: no such attribution
startOnramp({ ...market, attribution: 'middle' });
// @ts-expect-error: no such option
startOnramp({ ...market, visitorId: '1' });
// @ts-expect-error: consent is required or isn't an option
startOnramp({ ...market, consent: true });
// @ts-expect-error: no such event
onrampTrack({ event: 'renewal' });
// @ts-expect-error: an object is no customer
onrampTrack({ customerId: {} });
// @ts-expect-error: no such command
onrampTrack('track');
// @ts-expect-error: yes or no has to be said
onrampTrack('consent');
// @ts-expect-error: the tag's global isn't the module's
window.onrampTrack;
// @ts-expect-error: what TypeScript lacks, the package doesn't add to the user's own types
document.prerendering;
// @ts-expect-error: the panel's types are not the package's
import type { PixelHandle } from 'onramp-pixel';
import { createOnramp, fromMinorUnits, keepReferral } from 'onramp-pixel/provider';
const onramp = createOnramp({ baseUrl: 'https://market.example', partnerKey: 'pk_acme', secret: ['os_a_b'] });
const order = { serviceName: 'Acme CRM', customerId: 42, orderId: 'in_1', referral: await onrampTrack('referral') };
export const tracked = onramp.trackPurchase(order).then(({ purchase }) => purchase?.levels?.amount);
// @ts-expect-error: a refund says how much
void onramp.trackRefund(order);
// @ts-expect-error: a referral is none that is waited for yet
void onramp.trackPurchase({ ...order, referral: onrampTrack('referral') });
// @ts-expect-error: no such processor
fromMinorUnits(1999n, 'USD', { processor: 'acme' });
export const cookie: string | undefined = keepReferral(new Request('https://acme.example'), { partnerKey: 'pk_acme' });
export const landedAt: Promise<number | undefined> = onrampTrack('referral').then((found) => found?.landedAt);
`;
