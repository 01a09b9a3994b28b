import { mkdir, rename } from 'node:fs/promises';
import { resolve } from 'node:path';
import { guidesFor, type PixelParts } from '../../../../src/marketplace/portal/snippets.ts';
import { writeFiles } from '../../../module/support/app.ts';

const thanks = `import { Purchase } from '../../purchase.jsx';

export default function Page() {
  return <Purchase customerId="42" orderId="A-1001" amount="49.90" currency="EUR" />;
}
`;

/**
 * Puts the lines that the provider's page has for Next.js into the app of the guide, below /lines and with a layout of
 * their own, so that one build serves both: each stands in a route group, which is no part of an address.
 */
export async function addNextLines(cwd: string, parts: PixelParts): Promise<void> {
  const app = resolve(cwd, 'app');
  await mkdir(resolve(app, '(guide)'));
  for (const name of ['layout.jsx', 'pixel.jsx', 'page.jsx', 'thank-you'])
    await rename(resolve(app, name), resolve(app, '(guide)', name));
  const snippets = guidesFor(parts).find(({ id }) => id === 'nextjs')?.snippets ?? [];
  const lines = snippets.map(({ title, code }): [string, string] => {
    const [path = ''] = title.split(',', 1);
    return [path.replace('app/', 'app/(lines)/'), code];
  });
  await writeFiles(cwd, [
    ...lines,
    ['app/(lines)/lines/page.jsx', 'export default function Page() { return "Welcome!"; }\n'],
    ['app/(lines)/lines/thanks/page.jsx', thanks],
  ]);
}
