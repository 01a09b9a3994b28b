import { parseJson, textOf } from '../server/received.ts';
import { bundlePackage, versionOf } from './packages.ts';
import type { Conversion, Peer } from './peer.ts';

const name = '@snowplow/browser-tracker';

/** The fields of its protocol that are read: event type, label, and the event's id. */
interface SnowplowEvent {
  e: string;
  se_la?: string;
  eid: string;
}

export async function createSnowplow(): Promise<Peer> {
  const script = await bundlePackage(name, 'snowplow', ['newTracker', 'trackPageView', 'trackStructEvent']);
  return {
    title: 'Snowplow',
    about: `page views and events, stored until sent; \`${name}\`, bundled with esbuild (npm ships modules)`,
    version: versionOf(name),
    scriptPath: '/snowplow.js',
    script: () => script,
    // keepalive is what its documentation names for events on pages that are left.
    head: (base) => `<script src="${base}/snowplow.js"></script>
      <script>
        snowplow.newTracker('sp', '${base}', { appId: 'shop', keepalive: true })
        snowplow.trackPageView()
      </script>`,
    convert: ({ id, amount }) =>
      `snowplow.trackStructEvent({ category: 'shop', action: 'purchase', label: '${id}', value: ${amount} })`,
    hasStub: false,
    storesUnsent: true,
    recognise(received) {
      const events = parseJson<{ data?: SnowplowEvent[] }>(textOf(received))?.data ?? [];
      return events.flatMap((event): Conversion[] =>
        event.e === 'se' && event.se_la ? [{ orderId: event.se_la, eventId: event.eid }] : [],
      );
    },
  };
}
