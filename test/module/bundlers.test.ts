import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, complaint, countPixels, createApp } from './support/app.ts';

let app: App;

beforeAll(async () => {
  app = await createApp();
});

afterAll(() => app.remove());

/** The folder that each bundler writes, with another one for each of the apps. */
const outputs: Record<string, (command: string, name: string) => string> = {
  vite: (command, name) => `${command} --outDir ${name}`,
  webpack: (command, name) => `${command} --output-path ${name}`,
  esbuild: (command, name) => command.replace('dist/', `${name}/`),
};

/** What the page of the docs says for the bundler, and what comes out of it. */
async function build(bundler: string, name: string): Promise<{ said: string; script: string }> {
  const said = await app.run(outputs[bundler]?.(app.commands.get(bundler) ?? '', name) ?? '');
  return { said, script: await app.readScripts(name) };
}

describe.each(Object.keys(outputs))('%s', (bundler) => {
  test('the app of the docs is built without a complaint, and has the pixel once', async () => {
    const { said, script } = await build(bundler, `${bundler}-app`);
    expect(said).not.toMatch(complaint);
    expect(countPixels(script)).toBe(1);
    expect(script).toContain('onramp: ');
    // Left to the browser: the panel is the marketplace's file, and nothing of it is in the bundle.
    expect(script).toContain('onramp_debug.js?module');
    expect(script).toMatch(/[^\w$]import\(\w+(?:\.replace|\))/);
  });
});

describe('an app that imports it and calls nothing', () => {
  beforeAll(() =>
    app.write(
      'src/main.js',
      "import { startOnramp } from 'onramp-pixel';\nimport 'onramp-pixel';\n" +
        "import { createOnramp } from 'onramp-pixel/provider';\nimport 'onramp-pixel/provider';\n" +
        "document.title = 'Acme';\n",
    ),
  );

  test.each(Object.keys(outputs))('built by %s has nothing of it', async (bundler) => {
    const { script } = await build(bundler, `${bundler}-unused`);
    expect(script).toContain('Acme');
    expect(script).not.toMatch(/onramp: |SaasTrackings|getEntries|webhook-id|AED AFN/);
  });
});

test('a type alone brings nothing with it', async () => {
  await app.write(
    'src/typesOnly.ts',
    "import type { Purchase } from 'onramp-pixel';\nimport { type Receipt } from 'onramp-pixel';\n" +
      "document.title = 'Acme' satisfies Receipt['status'] | Purchase['serviceName'];\n",
  );
  await app.run('npx esbuild src/typesOnly.ts --bundle --minify --outfile=types/main.js');
  expect(await app.readScripts('types')).not.toMatch(/onramp: |SaasTrackings|getEntries/);
});
