import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, createApp } from './support/app.ts';

let app: App;

beforeAll(async () => {
  app = await createApp();
});

afterAll(() => app.remove());

const start = "startOnramp({ partnerKey: 'pk_acme', endpoint: 'https://market.example', track: 'purchase' })";

test('on a server it can be imported, started and called', async () => {
  const calls = ["{ customerId: '42' }", '', "'referral'", "'consent', true", "'consent', false"];
  const answers = calls.map((given) => `await track(${given})`).join(', ');
  const code = `
    const { startOnramp, ...rest } = await import('onramp-pixel');
    const track = ${start};
    console.log(JSON.stringify([Object.keys(rest), ${answers}]));`;
  const held = { status: 'held', reason: 'no browser' };
  // Another line than this one would be a complaint, or a trace of something that goes on.
  expect(JSON.parse(await app.run(`node --input-type=module -e "${code}"`))).toEqual([
    [],
    held,
    held,
    null,
    null,
    null,
  ]);
});

test('a runtime without the least of what a browser has can start it as well', async () => {
  const code = `
    delete globalThis.performance; delete globalThis.navigator; delete globalThis.console;
    const { startOnramp } = await import('onramp-pixel');
    const { status } = await ${start}();
    process.stdout.write(status);`;
  expect(await app.run(`node --input-type=module -e "${code}"`)).toBe('held');
});

test('CommonJS can require it, as Node allows of modules', async () => {
  const code = `process.stdout.write(typeof require('onramp-pixel').startOnramp)`;
  expect(await app.run(`node --input-type=commonjs -e "${code}"`)).toBe('function');
});

test('the package has what it exports, and no file beside that', async () => {
  const listed = (await app.run('tar -tzf onramp-pixel-0.1.0.tgz')).trim().split('\n').sort();
  expect(listed).toEqual([
    'package/LICENSE',
    'package/README.md',
    'package/dist/onramp.d.ts',
    'package/dist/onramp.js',
    'package/dist/onramp.mjs',
    'package/dist/onramp_debug.js',
    'package/dist/paddle.d.ts',
    'package/dist/paddle.js',
    'package/dist/provider.d.ts',
    'package/dist/provider.js',
    'package/dist/stripe.d.ts',
    'package/dist/stripe.js',
    'package/dist/types.d.ts',
    'package/package.json',
    'package/src/provider/bin/onramp-track.js',
  ]);
});
