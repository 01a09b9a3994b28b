import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { trackingPath, trackingPicturePath } from '../../src/wire/paths.ts';
import type { Provider, Service } from '../../test/support/service.ts';
import { createTag, stub } from '../../test/support/tag.ts';
import { fieldsOf } from '../server/received.ts';
import type { Peer } from './peer.ts';

const root = resolve(import.meta.dirname, '../..');

/** Ours, as shipped, in front of the real service: only its pictures prove anything, and its ledger counts. */
export function createOnramp(service: Service, provider: Provider): Peer {
  const script = readFileSync(resolve(root, 'dist/onramp.js'), 'utf8');
  const { version }: { version: string } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
  return {
    title: 'onramp',
    about: 'conversion pixel; `dist/onramp.js` as shipped',
    version,
    scriptPath: '/onramp.js',
    script: () => script,
    head: (base) => stub + createTag(base, { partnerKey: provider.partnerKey, serviceName: 'Acme CRM' }),
    convert: ({ id, amount, currency }) =>
      `onrampTrack({ customerId: '${id}', orderId: '${id}', amount: ${amount}, currency: '${currency}' })`,
    hasStub: true,
    storesUnsent: true,
    recognise(received) {
      const { pathname } = received.url;
      const fields = fieldsOf(received);
      const orderId = fields.get('event') === 'purchase' && fields.get('orderId');
      return orderId && (pathname === trackingPath || pathname === trackingPicturePath) ? [{ orderId }] : [];
    },
    service: service.baseUrl,
    // Each run's order has a customer of its own.
    count: (orderId) => countRows(service, provider, orderId),
  };
}

async function countRows({ baseUrl }: Service, { secret }: Provider, customerId: string): Promise<number> {
  const response = await fetch(`${baseUrl}/api/SaasTrackings?event=purchase&customerId=${customerId}`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  if (!response.ok) throw new Error(`the ledger can't be read: ${response.status} ${await response.text()}`);
  const { items }: { items: unknown[] } = JSON.parse(await response.text());
  return items.length;
}
