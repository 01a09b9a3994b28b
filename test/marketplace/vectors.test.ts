import { describe, expect, test } from 'vitest';
import { signatureVectors, trackingEncodingVectors } from '../support/vectors.ts';
import { startService } from './support/service.ts';

/** The vectors were made on that day. */
const vectorsMs = Date.parse('2017-03-02T00:00:00Z');

async function startServiceThen() {
  const service = await startService();
  service.time.now = vectorsMs;
  return service;
}

describe.each(trackingEncodingVectors)('$name', ({ fields, query }) => {
  test.each(['form', 'query'])('is read from a %s as it was written', async (carrier) => {
    const service = await startServiceThen();
    const { secret } = await service.addProvider();
    if (carrier === 'form') await service.postRaw(query, 'application/x-www-form-urlencoded');
    else await service.send(`/api/SaasTrackings.gif?${query}`);
    const [row] = await service.list('/api/SaasTrackings', secret);
    const { purchasedAt, clock, landedAt, sig: _sig, ...texts } = fields;
    expect(row).toMatchObject(texts);
    if (landedAt) expect(row).toMatchObject({ landedAt: Number(landedAt) });
    // Where a clock came along, the time is corrected; purchaseTime.test.ts has that.
    if (purchasedAt && !clock)
      expect(row).toMatchObject({ purchasedAt: new Date(purchasedAt).toISOString() });
  });
});

describe.each(signatureVectors)('$name', ({ secret, keyId, timestampSeconds, fields, token }) => {
  test('is believed as signed, and refused with another mac', async () => {
    const service = await startServiceThen();
    const { partnerKey, purchasedAt } = fields;
    const provider = {
      partnerKey,
      name: partnerKey,
      origins: [],
      minimumLevel: 'signed' as const,
      disabled: false,
    };
    await service.store.addProvider(provider, { keyId, secret, createdAt: timestampSeconds * 1000 });
    service.time.now = timestampSeconds * 1000;
    // A time that the browser stamped isn't covered, and comes with its clock.
    const stamped = purchasedAt === '' && { purchasedAt: service.time.now, clock: service.time.now };
    const message = { ...fields, ...stamped };
    const forged = token.replace(/[^.]$/, (last) => (last === 'A' ? 'E' : 'A'));
    expect(await service.post({ ...message, sig: forged })).toMatchObject({ status: 401 });
    expect(await service.post({ ...message, sig: token })).toMatchObject({ status: 201 });
  });
});
