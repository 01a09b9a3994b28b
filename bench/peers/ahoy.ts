import { multipartField, parseJson, type Received, textOf } from '../server/received.ts';
import { readPackageFile, versionOf } from './packages.ts';
import type { Conversion, Peer } from './peer.ts';

const name = 'ahoy.js';

interface AhoyEvent {
  name: string;
  id: string;
  properties: { order?: string };
}

export function createAhoy(): Peer {
  const script = readPackageFile(name, 'dist/ahoy.min.js');
  return {
    title: 'ahoy.js',
    about: `visits and events; \`${name}\`'s minified file as shipped`,
    version: versionOf(name),
    scriptPath: '/ahoy.js',
    script: () => script,
    head: (base) => `<script src="${base}/ahoy.js"></script>
      <script>ahoy.configure({ urlPrefix: '${base}' })</script>`,
    convert: ({ id, amount, currency }) =>
      `ahoy.track('purchase', { order: '${id}', amount: ${amount}, currency: '${currency}' })`,
    hasStub: false,
    // In a cookie, where there is no sendBeacon at all; never what a beacon was accepted for, or threw.
    storesUnsent: false,
    recognise(received) {
      return eventsIn(received).flatMap((event): Conversion[] => {
        const orderId = event.name === 'purchase' && event.properties.order;
        return orderId ? [{ orderId, eventId: event.id }] : [];
      });
    },
  };
}

/** Its beacon is a form, its XMLHttpRequest is JSON. */
function eventsIn(received: Received): AhoyEvent[] {
  if (received.url.pathname !== '/ahoy/events') return [];
  const form = multipartField(received, 'events_json');
  if (form) return JSON.parse(form);
  return parseJson<{ events?: AhoyEvent[] }>(textOf(received))?.events ?? [];
}
