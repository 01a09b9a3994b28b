import { parseJson, textOf } from '../server/received.ts';
import { bundlePackage, versionOf } from './packages.ts';
import type { Peer } from './peer.ts';

const name = '@plausible-analytics/tracker';

export async function createPlausible(): Promise<Peer> {
  const script = await bundlePackage(name, 'plausibleTracker', ['init', 'track']);
  return {
    title: 'Plausible',
    about: `page views and events; \`${name}\`, bundled with esbuild (npm ships a module)`,
    version: versionOf(name),
    scriptPath: '/plausible.js',
    script: () => script,
    // captureOnLocalhost: without it, it sends nothing in a browser that is driven by a program.
    head: (base) => `<script src="${base}/plausible.js"></script>
      <script>plausibleTracker.init({ domain: 'shop', endpoint: '${base}/api/event', captureOnLocalhost: true })</script>`,
    convert: ({ id, amount, currency }) =>
      `plausible('Purchase', { props: { order: '${id}' }, revenue: { amount: ${amount}, currency: '${currency}' } })`,
    hasStub: false,
    storesUnsent: false,
    recognise(received) {
      const event = parseJson<{ n?: string; p?: { order?: string } }>(textOf(received));
      return event?.n === 'Purchase' && event.p?.order ? [{ orderId: event.p.order }] : [];
    },
  };
}
