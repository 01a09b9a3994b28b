import { parseJson, textOf } from '../server/received.ts';
import { importPackage, readPackageFile, versionOf } from './packages.ts';
import type { Peer } from './peer.ts';

const name = '@openpanel/web';

export async function createOpenpanel(): Promise<Peer> {
  const script = readPackageFile(name, 'dist/src/tracker.global.js');
  const { getInitSnippet } = await importPackage<{ getInitSnippet(): string }>(name, 'dist/index.js');
  return {
    title: 'OpenPanel',
    about: `page views and events, with retries; \`${name}\`'s script as shipped`,
    version: versionOf(name),
    scriptPath: '/openpanel.js',
    script: () => script,
    head: (base) => `<script>
        ${getInitSnippet()}
        op('init', { clientId: 'bench', apiUrl: '${base}', trackScreenViews: true })
      </script>
      <script defer async src="${base}/openpanel.js"></script>`,
    convert: ({ id, amount, currency }) =>
      `op('revenue', ${amount}, { order: '${id}', currency: '${currency}' })`,
    hasStub: true,
    storesUnsent: false,
    recognise(received) {
      const message = parseJson<{ payload?: { name?: string; properties?: { order?: string } } }>(
        textOf(received),
      );
      const { name: event, properties } = message?.payload ?? {};
      return event === 'revenue' && properties?.order ? [{ orderId: properties.order }] : [];
    },
  };
}
