import { expect, test } from 'vitest';
import { patience } from './support/patience.ts';
import { bearer, purchase, signed } from './support/purchase.ts';
import { startMs, startService } from './support/service.ts';

test('the log tells what became of each request, and nothing of what was in it', async () => {
  const service = await startService();
  const keys = await service.addProvider();
  const private_ = { ...purchase, customerId: 'private-customer' };
  await service.post(private_, bearer(keys.secret));
  await service.picture(signed(private_, keys, startMs));
  await service.picture({ ...private_, sig: 'private-signature' });
  const refused = await service.post({ ...private_, purchasedAt: 'private-time' });
  await service.send('/nothing?private-query');
  await service.send(`/api/SaasTrackings?customerId=private-customer`, { headers: bearer(keys.secret) });
  const has = (route: unknown) => service.logLines.some((line) => JSON.parse(line).route === route);
  await expect.poll(() => has(null), patience).toBe(true);

  const log = service.logLines.join('');
  expect(log).not.toContain('private');
  expect(log).not.toContain(keys.secret.slice(12));
  expect(log).not.toContain('?');
  const line = service.logLines
    .map((text) => JSON.parse(text))
    .find(({ requestId }) => requestId === refused.body.requestId);
  expect(line).toMatchObject({
    method: 'POST',
    route: '/api/SaasTrackings',
    status: 400,
    way: 'post',
    result: 'rejected',
    reason: 'invalid_fields',
    trust: 'unsigned',
    durationMs: expect.any(Number),
  });
});
