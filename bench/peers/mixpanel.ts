import { fieldsOf, parseJson } from '../server/received.ts';
import { readPackageFile, versionOf } from './packages.ts';
import type { Conversion, Peer } from './peer.ts';

const name = 'mixpanel-browser';

interface MixpanelEvent {
  event: string;
  properties?: { order?: string; $insert_id?: string };
}

export function createMixpanel(): Peer {
  const script = readPackageFile(name, 'dist/mixpanel.min.js');
  const snippet = readPackageFile(name, 'dist/mixpanel-jslib-snippet.min.js');
  return {
    title: 'Mixpanel',
    about: `product analytics, stored until sent; \`${name}\`'s minified file as shipped`,
    version: versionOf(name),
    scriptPath: '/mixpanel.js',
    script: () => script,
    head: (base) => `<script>MIXPANEL_CUSTOM_LIB_URL = '${base}/mixpanel.js';${snippet}</script>
      <script>mixpanel.init('bench', { api_host: '${base}' })</script>`,
    convert: ({ id, amount, currency }) =>
      `mixpanel.track('Purchase', { order: '${id}', amount: ${amount}, currency: '${currency}' })`,
    convertAndLeave: ({ id, amount, currency }) =>
      `mixpanel.track('Purchase', { order: '${id}', amount: ${amount}, currency: '${currency}' }, { transport: 'sendBeacon', send_immediately: true })`,
    hasStub: true,
    storesUnsent: true,
    recognise(received) {
      const data = fieldsOf(received).get('data') ?? '';
      const sent = parseJson<MixpanelEvent[] | MixpanelEvent>(Buffer.from(data, 'base64').toString());
      // A batch is a list; what goes at once, and all where it can't store, is one event.
      const events = Array.isArray(sent) ? sent : sent ? [sent] : [];
      return events.flatMap((event: MixpanelEvent): Conversion[] => {
        const orderId = event.event === 'Purchase' && event.properties?.order;
        return orderId ? [{ orderId, eventId: event.properties?.$insert_id }] : [];
      });
    },
  };
}
