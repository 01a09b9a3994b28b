// @vitest-environment happy-dom
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { maxReferralLength } from '../../../src/wire/fields.ts';
import { toStoredText } from '../../../src/wire/text.ts';
import { anyText } from '../../support/anyText.ts';
import { asOptions, openPage, startMs, useFreshBrowser } from './support/page.ts';
import { readAsService } from './support/service.ts';

useFreshBrowser();

const purchase = { serviceName: 'Acme CRM', customerId: '42' };
const site = 'https://www.acme.example/';
/** Percent signs are no addresses' own, and a browser keeps nearly everything else as it is. */
const query = fc.oneof(
  fc.webQueryParameters(),
  anyText(50).map((text) => encodeURI(text.toWellFormed())),
  fc
    .tuple(anyText(50), anyText(50))
    .map(([one, other]) => String(new URLSearchParams({ [one]: other, onramp_ref: other }))),
);
const option = fc.oneof(
  anyText(40),
  fc.constantFrom('', 'onramp_ref', 'acme.example', 'first', '0', '-1', '1e9'),
);
const options = fc.record(
  {
    referralParam: option,
    marketplaceHosts: option,
    attribution: option,
    windowDays: option,
    cookieDomain: fc.constantFrom('', 'none', 'acme.example'),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const referrer = fc.oneof(
  fc.constantFrom('', 'about:blank', 'https://market.example./'),
  fc.webUrl(),
  anyText(80),
);

test('whatever the address, the referrer and the options are, the page starts and tracks', async () => {
  await fc.assert(
    fc.asyncProperty(query, referrer, options, async (given, from, chosen) => {
      localStorage.clear();
      const url = `${site}?${given}`;
      const { track, beacons } = await openPage(asOptions(chosen), { url, referrer: from });
      const referral = await track('referral');
      expect((await track(purchase)).status).toBe('sent');
      const last = beacons.at(-1);
      if (!last) throw new Error('nothing was sent');
      const { errors, ignored, message } = readAsService(last);
      expect({ errors, ignored }).toEqual({ errors: [], ignored: [] });
      // What the page is told is what the marketplace is told.
      const id = toStoredText(referral?.id ?? '').trim();
      expect(message.details.referral).toBe(id || undefined);
      expect(message.details.referralSource).toBe(referral?.source);
      expect(message.details.landedAt).toBe(referral?.landedAt);
    }),
    { numRuns: 150 },
  );
}, 30_000);

test('whatever id the link has, it is what the next page, the visit and the purchase have', async () => {
  // Ids of 300 characters are kept where their encoding is no longer: a minted one has 16 of ASCII.
  const id = anyText(maxReferralLength).filter(
    (text) => encodeURIComponent(text.toWellFormed()).length <= 250,
  );
  let count = 0;
  await fc.assert(
    fc.asyncProperty(id, fc.boolean(), async (given, cookies) => {
      // A number in front, so that it is never the one of the run before.
      localStorage.clear();
      const minted = `${count++}${given.toWellFormed()}`;
      const refused = cookies ? undefined : vi.spyOn(document, 'cookie', 'get').mockReturnValue('');
      const url = `${site}?${new URLSearchParams({ onramp_ref: minted })}`;
      const landing = await openPage({}, { url });
      const [visit] = landing.beacons;
      if (!visit) throw new Error('no visit was sent');
      const stored = { referral: toStoredText(minted).trim(), referralSource: 'param', landedAt: startMs };
      expect(readAsService(visit)).toMatchObject({
        errors: [],
        ignored: [],
        message: { event: 'visit', details: stored },
      });

      const next = await openPage({}, { url: site });
      expect(await next.track('referral')).toEqual({ id: minted, source: 'param', landedAt: startMs });
      await next.track(purchase);
      const [beacon] = next.beacons;
      if (!beacon) throw new Error('nothing was sent');
      expect(readAsService(beacon).message.details).toMatchObject(stored);
      refused?.mockRestore();
    }),
    { numRuns: 100 },
  );
}, 30_000);
