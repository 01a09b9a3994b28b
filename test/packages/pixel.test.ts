// onramp-pixel as npm packs it, installed where nothing else is.
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { readGuide, writeGuide } from '../provider/guides/support/guide.ts';
import { findPlaces, type Installed, installPackage } from './support/installed.ts';
import { findDeadLinks } from './support/links.ts';
import { misuse } from './support/misuse.ts';
import { checkTypes, lintPackage } from './support/shape.ts';

let app: Installed;

// npm asks the registry, which may take its time.
beforeAll(async () => {
  app = await installPackage('onramp-pixel');
}, 180_000);

afterAll(() => app.remove());

describe('the package', () => {
  test('has what it exports and its docs, and no file beside that', () => {
    const wholeFolders = /^(docs|test\/vectors|src\/(tagmanager|wordpress))\/|^[A-Z]+(\.md)?$/;
    expect([...app.files.keys()].filter((path) => !wholeFolders.test(path))).toEqual([
      'dist/doctor.js',
      'dist/onramp.d.mts',
      'dist/onramp.js',
      'dist/onramp.mjs',
      'dist/onramp_debug.js',
      'dist/paddle.d.ts',
      'dist/paddle.js',
      'dist/provider.d.ts',
      'dist/provider.js',
      'dist/stripe.d.ts',
      'dist/stripe.js',
      'dist/types.d.ts',
      'package.json',
      'src/provider/bin/onramp-doctor.js',
      'src/provider/bin/onramp-track.js',
    ]);
    expect([...app.files.keys()]).toEqual(
      expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'README.md', 'docs/provider.md']),
    );
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

  test('is resolved by bundlers and by Node with its types, and by nothing older', async () => {
    const unsupported = ['CJSResolvesToESM * node16-cjs', 'NoResolution * node10'];
    // A script for pages exports nothing.
    const problems = (await checkTypes(app.tarball)).filter((problem) => !problem.includes('./onramp.js'));
    expect(problems.filter((problem) => !unsupported.includes(problem.replace(/ \.\S*/, ' *')))).toEqual([]);
  });
});

/** Runs code as a module, or as CommonJS; resolves to what it printed. */
function evaluate(code: string, type: 'module' | 'commonjs' = 'module'): Promise<string> {
  return app.run(`node --input-type=${type} -e '${code}'`);
}

describe('imported', () => {
  test('by each name that it exports', async () => {
    const names = Object.keys(packageJson.exports)
      .filter((name) => !name.endsWith('.js') && !name.endsWith('.json'))
      .map((name) => name.replace('.', 'onramp-pixel'));
    const code = names.map((name) => `console.log(Object.keys(await import("${name}")).length > 0);`);
    expect(await evaluate(code.join('\n'))).toBe('true\n'.repeat(names.length));
    expect(await evaluate('console.log(require("onramp-pixel/package.json").version)', 'commonjs')).toBe(
      `${packageJson.version}\n`,
    );
  });

  test('by CommonJS, as Node allows of modules', async () => {
    const code = 'console.log(typeof require("onramp-pixel/provider").createOnramp)';
    expect(await evaluate(code, 'commonjs')).toBe('function\n');
  });

  const start =
    'startOnramp({ partnerKey: "pk_acme", endpoint: "https://market.example", track: "purchase" })';

  test('on a server the pixel can be started and called', async () => {
    const calls = ['{ customerId: "42" }', '', '"referral"', '"consent", true', '"consent", false'];
    const answers = calls.map((given) => `await track(${given})`).join(', ');
    const code = `
      const { startOnramp, ...rest } = await import("onramp-pixel");
      const track = ${start};
      console.log(JSON.stringify([Object.keys(rest), ${answers}]));`;
    const held = { status: 'held', reason: 'no browser' };
    // Another line than this one would be a complaint, or a trace of something that goes on.
    expect(JSON.parse(await evaluate(code))).toEqual([[], held, held, null, null, null]);
  });

  test('a runtime without the least of what a browser has can start it as well', async () => {
    const code = `
      delete globalThis.performance; delete globalThis.navigator; delete globalThis.console;
      const { startOnramp } = await import("onramp-pixel");
      const { status } = await ${start}();
      process.stdout.write(status);`;
    expect(await evaluate(code)).toBe('held');
  });
});

test('its commands are found by npx', async () => {
  expect(await app.run('npx onramp-track --help')).toMatch(/^usage: onramp-track/);
  expect(await app.run('npx onramp-doctor --help')).toMatch(/^usage: (npx )?onramp-doctor/i);
});

/** The strictest that a user may have, and nothing of the types that happen to lie around. */
const options =
  '--strict --noEmit --skipLibCheck false --exactOptionalPropertyTypes --noUncheckedIndexedAccess ' +
  '--types "" --target es2022 --lib es2022,dom --ignoreConfig';

describe('its types', () => {
  beforeAll(async () => {
    await writeGuide(await readGuide('module'), app.folder);
    await app.write('src/misuse.ts', misuse);
  });

  test.each([
    ['bundler', 'esnext'],
    ['nodenext', 'nodenext'],
  ])('hold by themselves, resolved as by %s', async (moduleResolution, module) => {
    const compiler = resolve(import.meta.dirname, '../../node_modules/.bin/tsc');
    const files = 'src/checkout.ts src/misuse.ts';
    const said = app
      .run(`${compiler} ${options} --module ${module} --moduleResolution ${moduleResolution} ${files}`)
      .catch(({ stdout }) => stdout);
    expect(await said).toBe('');
  });

  test('name files that the package has', () => {
    const types = app.files.get('dist/onramp.d.mts');
    expect(types).toContain("from './types.js'");
    expect(types).not.toContain('.ts');
  });
});
