// onramp-marketplace as npm packs it, installed where nothing else is, and run as its README says.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readGuide } from '../provider/guides/support/guide.ts';
import { findFreePort } from '../support/freePort.ts';
import { findPlaces, type Installed, installPackage } from './support/installed.ts';
import { findDeadLinks } from './support/links.ts';
import { lintPackage } from './support/shape.ts';

let app: Installed;

// npm asks the registry, which may take its time.
beforeAll(async () => {
  app = await installPackage('onramp-marketplace');
}, 180_000);

afterAll(() => app.remove());

describe('the package', () => {
  test('has JavaScript alone, all that it imports, and its docs', () => {
    const paths = [...app.files.keys()];
    expect(paths).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'CHANGELOG.md',
        'README.md',
        'bin/onramp-marketplace.js',
        'build/marketplace/main.js',
        'build/marketplace/pages/browser/frame.css',
        'build/wire/key.js',
        'dist/onramp.js',
        'dist/onramp_debug.js',
        'docs/alerts.yml',
        'docs/onramp-marketplace.service',
        'docs/running.md',
        'package.json',
      ]),
    );
    expect(paths.filter((path) => path.endsWith('.ts'))).toEqual([]);
    const leadsToSource = /(?:from|import\(|new URL\()\s*'[^'\n]*\.ts'/;
    const built = [...app.files].filter(([path]) => path.startsWith('build/'));
    expect(built.filter(([, text]) => leadsToSource.test(text)).map(([path]) => path)).toEqual([]);
  });

  test('has no dead link in any of its pages', () => {
    expect(findDeadLinks(app.files)).toEqual([]);
  });

  test('names no place of the machine that packed it', () => {
    expect(findPlaces(app)).toEqual([]);
  });

  test('has nothing that publint would change', async () => {
    expect(await lintPackage(app.tarball)).toEqual([]);
  });
});

test('its README leads an operator from nothing to a first purchase, as it stands', async () => {
  const { commands } = await readGuide('marketplace');
  for (const command of commands) expect(app.files.get('README.md')).toContain(command);
  const port = String(await findFreePort());
  const [serve, ...typed] = commands
    .filter((command) => !command.startsWith('npm '))
    .map((command) => command.replaceAll(':4747', `:${port}`));
  // Once by npx, and else as npx would: it takes a second each time.
  const lines = typed.map((command, index) =>
    index ? command.replace(/^npx /, 'node_modules/.bin/') : command,
  );
  expect(serve).toBe('npx onramp-marketplace serve');
  const service = await startService(port);
  try {
    const said = await app.run(lines.join(' && '));
    expect(said).toContain('Added Acme CRM.');
    expect(said).toContain('"status":"created"');
    const purchase = /2026-11-26T10:00:00\.000Z +purchase +pk_acme .* A-1001 +49\.90 EUR .* listing acme-crm/;
    expect(said).toMatch(purchase);
    expect(said).toMatch(/^acme-crm +1 +0 +0 +1 \(1 attributed, 0 believed\) +0 +0 +0 +49\.90 EUR$/m);
    expect(await whatIsMissing(service)).toEqual([]);
    await expectPinned(service);
    expect(await readConsole(service)).toContain('Acme CRM');
    // On SQLite, by the thread.
    const { token } = JSON.parse(
      await app.run('node_modules/.bin/onramp-marketplace operator add ada --json'),
    );
    const list = await fetch(`${service.url}/api/SaasTrackings`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await list.json()).toMatchObject({ items: [{ orderId: 'A-1001', verdict: 'listing' }] });
  } finally {
    expect(await service.end()).toBe(0);
  }
});

interface Service {
  url: string;
  signInUrl: string;
  end(): Promise<number | null>;
}

/** Resolves when it has printed where it listens and signs in. */
async function startService(port: string): Promise<Service> {
  const child = spawn('node_modules/.bin/onramp-marketplace', ['serve', '--port', port, '--json'], {
    cwd: app.folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  const found: Record<string, string> = {};
  for await (const line of createInterface(child.stderr)) {
    Object.assign(found, JSON.parse(line));
    if (found.signInUrl) break;
  }
  return {
    url: found.url ?? '',
    signInUrl: found.signInUrl ?? '',
    async end() {
      child.kill('SIGTERM');
      const [exitCode] = await exited;
      return exitCode;
    },
  };
}

/** The files for browsers that the installed service has lost, or answers otherwise than the repository has them. */
async function whatIsMissing({ url, signInUrl }: Service): Promise<string[]> {
  const page = await (await fetch(signInUrl)).text();
  const [, version] = /assets\/(\w+)\//.exec(page) ?? [];
  const root = resolve(import.meta.dirname, '../..');
  const source = resolve(root, 'src/marketplace');
  const files = new Map([
    ['onramp.js', resolve(root, 'dist/onramp.js')],
    ['onramp_debug.js', resolve(root, 'dist/onramp_debug.js')],
    [`assets/${version}/uplot/uPlot.js`, resolve(root, 'node_modules/uplot/dist/uPlot.esm.js')],
    ...globSync('*/browser/*.{js,css,svg}', { cwd: source }).map(
      (name) => [`assets/${version}/${name}`, resolve(source, name)] as const,
    ),
  ]);
  const missing: string[] = [];
  for (const [path, file] of files) {
    const answer = await fetch(`${url}/${path}`);
    if (!answer.ok || (await answer.text()) !== readFileSync(file, 'utf8')) missing.push(path);
  }
  return missing;
}

/** The address and the hash that docs/releases.md has for this version are the service's. */
async function expectPinned({ url }: Service): Promise<void> {
  const row = /^\|[^|]+\| `(\/onramp-\w+\.js)` \| `(sha384-[^`]+)` \|/m;
  const [, address = '', integrity] = row.exec(app.files.get('docs/releases.md') ?? '') ?? [];
  const answer = await fetch(url + address);
  expect(answer.status).toBe(200);
  const hash = createHash('sha384').update(await answer.text());
  expect(`sha384-${hash.digest('base64')}`).toBe(integrity);
}

/** The console's first page, as whoever opens the link of the first start sees it. */
async function readConsole({ url, signInUrl }: Service): Promise<string> {
  const [, token = ''] = /sign-in\/(.+)/.exec(signInUrl) ?? [];
  const signedIn = await fetch(`${url}/console/sign-in`, {
    method: 'POST',
    headers: { origin: url },
    body: new URLSearchParams({ token }),
    redirect: 'manual',
  });
  const cookie = signedIn.headers.getSetCookie().map((set) => set.split(';', 1)[0]);
  const page = await fetch(`${url}/console`, { headers: { cookie: cookie.join('; ') } });
  expect(page.status).toBe(200);
  return await page.text();
}
