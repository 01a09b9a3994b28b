import { fieldsOf, parseJson } from '../server/received.ts';
import { readPackageFile, versionOf } from './packages.ts';
import type { Conversion, Peer } from './peer.ts';

const name = 'countly-sdk-web';

interface CountlyEvent {
  key: string;
  id?: string;
  segmentation?: { order?: string };
}

export function createCountly(): Peer {
  const script = readPackageFile(name, 'lib/countly.min.js');
  return {
    title: 'Countly',
    about: `product analytics, stored until sent; \`${name}\`'s minified file as shipped`,
    version: versionOf(name),
    scriptPath: '/countly.js',
    script: () => script,
    head: (base) => `<script>
        var Countly = { q: [['track_sessions'], ['track_pageview']], app_key: 'bench', url: '${base}' }
      </script>
      <script async src="${base}/countly.js" onload="Countly.init()"></script>`,
    convert: ({ id, amount, currency }) =>
      `Countly.q.push(['add_event', { key: 'purchase', count: 1, sum: ${amount}, segmentation: { order: '${id}', currency: '${currency}' } }])`,
    hasStub: true,
    storesUnsent: true,
    recognise(received) {
      const events = parseJson<CountlyEvent[]>(fieldsOf(received).get('events'));
      return (events ?? []).flatMap((event): Conversion[] => {
        const orderId = event.key === 'purchase' && event.segmentation?.order;
        return orderId ? [{ orderId, eventId: event.id }] : [];
      });
    },
  };
}
