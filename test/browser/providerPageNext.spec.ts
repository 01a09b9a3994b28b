// The lines for Next.js, as the provider's page has them, in an app that is built and started for real.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect } from '@playwright/test';
import { guidesFor } from '../../src/marketplace/portal/snippets.ts';
import { runCommand, writeFiles } from '../module/support/app.ts';
import { frameworksFolder, installFrameworks } from '../provider/frameworks/install.ts';
import { test } from '../support/fixtures.ts';
import { findFreePort } from '../support/freePort.ts';

const thanks = `import { Purchase } from '../purchase.jsx';

export default function Page() {
  return <Purchase customerId="42" orderId="A-1001" amount="49.90" currency="EUR" />;
}
`;

test('the lines for Next.js keep a referral and report a purchase once', async ({
  page,
  service,
  expectLedger,
  provider,
}) => {
  test.setTimeout(300_000);
  await installFrameworks();
  const folder = await mkdtemp(resolve(frameworksFolder, 'lines-'));
  const serviceName = 'Acme "CRM" & more';
  const { partnerKey } = provider;
  const guide = guidesFor({ baseUrl: service.baseUrl, partnerKey, serviceName }).find(
    ({ id }) => id === 'nextjs',
  );
  const lines = (guide?.snippets ?? []).map(({ title, code }): [string, string] => [
    title.split(',', 1)[0] ?? '',
    code,
  ]);
  await writeFiles(folder, [
    ...lines,
    ['package.json', '{ "private": true, "type": "module" }'],
    ['app/page.jsx', 'export default function Page() { return "Welcome!"; }\n'],
    ['app/thanks/page.jsx', thanks],
  ]);
  const env = { NEXT_TELEMETRY_DISABLED: '1' };
  await runCommand(folder, 'npx next build', env);
  const port = String(await findFreePort());
  const next = resolve(frameworksFolder, 'node_modules/.bin/next');
  const server = spawn(next, ['start', '--port', port], { cwd: folder, env: { ...process.env, ...env } });
  try {
    const origin = `http://localhost:${port}`;
    await expect
      .poll(
        () =>
          fetch(origin).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 60_000 },
      )
      .toBe(200);
    await page.goto(`${origin}/?onramp_ref=ref-1`);
    await expect.poll(() => page.evaluate('typeof window.onrampTrack')).toBe('function');
    await page.goto(`${origin}/thanks`);
    await expectLedger({
      visits: 1,
      purchases: [{ serviceName, customerId: '42', orderId: 'A-1001', amount: '49.90', referral: 'ref-1' }],
    });
  } finally {
    // Its page would ask for what is gone.
    await page.goto('about:blank');
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true, force: true });
  }
});
