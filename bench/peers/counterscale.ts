import { readPackageFile, versionOf } from './packages.ts';
import type { Peer } from './peer.ts';

const name = '@counterscale/tracker';

/** Here for its size alone: the smallest script on npm that we know of, and it can't report a conversion. */
export function createCounterscale(): Peer {
  const script = readPackageFile(name, 'dist/loader/tracker.umd.cjs');
  return {
    title: 'Counterscale',
    about: `page views only; \`${name}\`'s loader as shipped`,
    version: versionOf(name),
    scriptPath: '/tracker.js',
    script: () => script,
    head: (base) =>
      `<script id="counterscale-script" data-site-id="shop" src="${base}/tracker.js" defer></script>`,
    hasStub: false,
    storesUnsent: false,
    recognise: () => [],
  };
}
