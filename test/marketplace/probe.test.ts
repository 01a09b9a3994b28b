import { describe, expect, test } from 'vitest';
import { bearer, fromAcme, purchase } from './support/purchase.ts';
import { type Service, startService } from './support/service.ts';

const gif = '/api/SaasTrackings.gif';

/** The three ways to ask, each with what it answers. */
const ways = {
  async image({ baseUrl }: Service, query: string, headers = {}) {
    const response = await fetch(`${baseUrl}${gif}?${query}`, { headers });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { response, picture: `${bytes.readUInt16LE(6)}x${bytes.readUInt16LE(8)}` };
  },
  async head({ baseUrl }: Service, query: string, headers = {}) {
    return { response: await fetch(`${baseUrl}${gif}?${query}`, { method: 'HEAD', headers }), picture: '' };
  },
  async beacon({ baseUrl }: Service, query: string, headers = {}) {
    const body = new URLSearchParams(query);
    const response = await fetch(`${baseUrl}/api/SaasTrackings`, { method: 'POST', body, headers });
    return { response, picture: '' };
  },
};

/** All that the service holds, of a provider and of unknown keys. */
async function rowsOf({ store, list }: Service, secret: string) {
  const rejections = await store.listRejections({ limit: 10 });
  return [...(await list('/api/SaasTrackings', secret)), ...rejections];
}

test.each(Object.entries(ways))('a probe by %s is answered, and nothing of it is kept', async (way, ask) => {
  const service = await startService();
  const { secret } = await service.addProvider();
  await service.addProvider({ partnerKey: 'pk_strict', minimumLevel: 'origin' });
  await service.addProvider({ partnerKey: 'pk_disabled', disabled: true });
  const rows: [key: string, headers: object, result: string][] = [
    ['pk_acme', fromAcme, 'level=origin'],
    ['pk_acme', { origin: 'https://other.example' }, 'level=unsigned'],
    ['pk_strict', {}, 'level=unsigned; reason=below_minimum_level'],
    ['pk_disabled', fromAcme, 'reason=provider_disabled'],
    ['pk_nobody', fromAcme, 'reason=unknown_partner_key'],
    ['', fromAcme, 'reason=unknown_partner_key'],
    ['pk_acme', bearer('wrong'), 'reason=wrong_secret'],
  ];
  for (const [key, sent, result] of rows) {
    const { response, picture } = await ask(service, `probe=${key}&sent=1`, sent);
    const { status, headers } = response;
    expect(headers.get('x-tracking-result'), key).toBe(`probe; ${result}`);
    expect([status, picture]).toEqual(
      { image: [200, result.includes('reason=') ? '2x3' : '2x2'], head: [200, ''], beacon: [204, ''] }[way],
    );
    expect(headers.get('access-control-expose-headers')).toContain('X-Tracking-Result');
    expect(headers.get('timing-allow-origin')).toBe('*');
  }
  expect(await rowsOf(service, secret)).toEqual([]);
});

describe.each(['image', 'beacon'] as const)('no message is taken for a probe by %s', (way) => {
  const message = String(new URLSearchParams(purchase));
  test.each([
    [`probe=pk_acme&${message}`, 'created'],
    [`${message}&probe=pk_acme`, 'created'],
    ['probe=pk_acme&event=purchase', 'rejected; reason=invalid_fields'],
    ['sent=1&probe=pk_acme', 'rejected; reason=invalid_fields'],
  ])('%s', async (query, result) => {
    const service = await startService();
    const { secret } = await service.addProvider();
    const { response } = await ways[way](service, query, fromAcme);
    expect(response.headers.get('x-tracking-result')).toBe(result);
    expect(await rowsOf(service, secret)).toHaveLength(1);
  });
});
