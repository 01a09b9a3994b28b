import { fieldsOf, parseJson } from '../server/received.ts';
import { readPackageFile, scriptIn, versionOf } from './packages.ts';
import type { Peer } from './peer.ts';

const name = 'openpixel';

export function createOpenpixel(): Peer {
  const script = readPackageFile(name, 'dist/openpixel.min.js');
  const snippet = scriptIn(readPackageFile(name, 'dist/snippet.html'));
  return {
    title: 'openpixel',
    about: `page views and events; \`${name}\`'s minified file as shipped`,
    version: versionOf(name),
    scriptPath: '/openpixel.js',
    // Its documented build does nothing else: the endpoint stands in the script.
    script: (base) => script.replace('"/pixel.gif"', `"${base}/pixel.gif"`),
    head: (base) => `<script>${snippet.replace('/openpixel.js', `${base}/openpixel.js`)}</script>`,
    convert: ({ id, amount, currency }) =>
      `opix('event', 'purchase', { order: '${id}', amount: ${amount}, currency: '${currency}' })`,
    hasStub: true,
    storesUnsent: false,
    recognise(received) {
      const fields = fieldsOf(received);
      const order = parseJson<{ order?: string }>(fields.get('ed'))?.order;
      return fields.get('ev') === 'purchase' && order ? [{ orderId: order }] : [];
    },
  };
}
