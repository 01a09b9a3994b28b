import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { findProgram } from '../../tools/browser.mjs';
import { certificate } from '../marketplace/support/certificate.ts';
import { answer, endless, listen, startServer } from '../provider/support/server.ts';
import { diagnose, examine, openClinic } from './support/clinic.ts';

const { site, baseUrl, tag } = await openClinic();
const bin = resolve(import.meta.dirname, '../../src/provider/bin/onramp-doctor.js');
const linked = resolve(import.meta.dirname, '../../node_modules/.bin/onramp-doctor');

/** The command as it is linked in node_modules/.bin, run as it is. */
function run(args: string[], environment: Record<string, string> = {}) {
  return new Promise<{ exitCode: number; stdout: string; stderr: string }>((done) => {
    const child = execFile(
      linked,
      args,
      { env: { ...process.env, ...environment } },
      (_error, stdout, stderr) => done({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test('the command says what is wrong, and ends with 1', async () => {
  const page = site.page('/signup', '<p>Welcome</p>');
  const { exitCode, stdout, stderr } = await run([page, '--no-browser']);
  expect(stdout).toBe(`${page}

  ✗ tag-missing
    The tag is missing from this page. One that a script puts in, such as a tag
    manager’s, is seen with a browser only.

      <script async src="https://market.example/onramp.js" data-partner-key="pk_acme"></script>

    docs/doctor.md#tag-missing

1 error. Looked at the HTML alone: with Chromium, Chrome or Edge (--browser)
more can be told. Nothing was recorded at the marketplace.
`);
  expect(stderr).toBe(`Reading ${page}\n`);
  expect(exitCode).toBe(1);
});

test('who breaks it off leaves nothing of its browser behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const page = site.page('/signup', `${tag()}<script>setInterval(() => fetch('/signup'), 100)</script>`);
  const pipe = join(folder, 'pipe');
  await promisify(execFile)('mkfifo', [pipe]);
  const offspringEnded = once(createReadStream(pipe).resume(), 'end');
  const env = {
    ...process.env,
    TMPDIR: folder,
    CHROMIUM_PATH: resolve(import.meta.dirname, 'support/chromiumWithOffspring.sh'),
    CHROMIUM: findProgram('chromium'),
    OFFSPRING_PIPE: pipe,
  };
  const child = spawn(process.execPath, [bin, page], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const told of child.stderr) {
    if (!String(told).includes('Opening')) continue;
    expect((await readdir(folder)).some((name) => name.startsWith('onramp-doctor-'))).toBe(true);
    child.kill('SIGINT');
    break;
  }
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGINT');
  expect((await readdir(folder)).filter((name) => name.startsWith('onramp-doctor-'))).toEqual([]);
  await offspringEnded;
});

test('on a Node that is too old it says so', async () => {
  const pretended = resolve(import.meta.dirname, '../marketplace/support/pretendedNode.cjs');
  const { exitCode, stderr } = await run([], {
    PRETENDED_NODE: '18.20.0',
    NODE_OPTIONS: `--require ${pretended}`,
  });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^onramp-doctor needs Node 20 or newer/);
});

test('colours are for terminals that want them', async () => {
  const args = [site.page('/signup', tag()), '--no-browser'];
  expect((await examine(args)).said).not.toContain('\u001b');
  expect((await examine(args, { NO_COLOR: '1' }, true)).said).not.toContain('\u001b');
  expect((await examine(args, {}, true)).said).toContain('\u001b[32m✓\u001b[0m');
});

test.each([
  [['--help'], 0, 'said'],
  [[], 2, 'told'],
  [['acme.example'], 2, 'told'],
  [['ftp://acme.example'], 2, 'told'],
  [['https://acme.example', 'https://acme.example/thanks'], 2, 'told'],
  [['https://acme.example', '--thank-you', '/thanks'], 2, 'told'],
  [['https://acme.example', '--unheard-of'], 2, 'told'],
  [['https://acme.example', '--browser', '/bin/chromium', '--no-browser'], 2, 'told'],
  [['--json'], 2, 'told'],
] as const)('%o ends with %i and the usage', async (args, exitCode, where) => {
  const ended = await examine(args);
  expect(ended.exitCode).toBe(exitCode);
  expect(ended[where]).toContain('usage: onramp-doctor');
});

test('a browser that is named and does not start is a wrong usage', async () => {
  const page = site.page('/signup', tag());
  const { exitCode, said, told } = await examine([page, '--json', '--browser', '/nowhere/chromium']);
  const why = expect.stringContaining('/nowhere/chromium cannot be driven');
  expect({ exitCode, told, said: JSON.parse(said) }).toEqual({
    exitCode: 2,
    told: why,
    said: { page, error: why },
  });
});

test('a wrong usage is an object for programs, too', async () => {
  const { said } = await examine(['acme.example', '--json']);
  expect(JSON.parse(said)).toEqual({ error: expect.stringContaining('starts with https://') });
});

test('a base URL without https:// is a wrong usage', async () => {
  const ended = await examine(['https://acme.example'], { ONRAMP_BASE_URL: 'market.example' });
  expect(ended).toMatchObject({
    exitCode: 2,
    told: expect.stringContaining('ONRAMP_BASE_URL is no address'),
  });
});

test.each([
  ['that is not there', answer(404, 'no'), 'it answers 404'],
  ['that asks for a sign-in', answer(401, 'no'), 'Name a page that visitors may see'],
  ['that is behind a form', answer(405, 'no'), 'only for a form that was sent'],
  ['that is no HTML', answer(200, {}), 'its content type is application/json'],
  ['that leads round and round', answer(302, '', { location: '/' }), 'redirects more than 10 times'],
  ['that leads nowhere', answer(302, '', { location: 'http://[' }), 'redirects to what is no address'],
  ['that leads elsewhere', answer(302, '', { location: 'ftp://acme.example/' }), 'is no page (ftp:)'],
])('a page %s ends with 3', async (_what, behaviour, why) => {
  const { baseUrl: origin } = await startServer(behaviour);
  const { exitCode, said, told } = await examine([origin, '--json', '--no-browser']);
  expect(exitCode).toBe(3);
  expect(JSON.parse(said)).toEqual({ page: `${origin}/`, error: expect.stringContaining(why) });
  expect(told).toContain(why);
});

test('a page that fails for who comes from the marketplace ends with 3', async () => {
  const { baseUrl: origin } = await startServer(answer(200, tag()), answer(500, 'unknown parameter'));
  const { exitCode, told } = await examine([origin, '--no-browser']);
  expect(exitCode).toBe(3);
  expect(told).toContain('with ?onramp_ref=… behind it, it answers 500');
});

test.each([
  ['of its meta element', `<meta charset="iso-8859-1">`, 'latin1'],
  ['of its byte order mark', '\ufeff', 'utf16le'],
] as const)('a page is read in the charset %s', async (_what, start, encoding) => {
  const html = `${start}${tag('data-track="purchase" data-customer-id="José" data-order-id="A-1"')}`;
  const server = createPlainServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(Buffer.from(html, encoding));
  });
  onTestFinished(() => {
    server.close();
  });
  const origin = await listen(server);
  const { reported } = await diagnose([origin, '--thank-you', origin, '--no-browser']);
  expect(reported).toMatchObject([{ customerId: 'José' }]);
});

test('cookies that are set on the way are brought back, to their host alone', async () => {
  const elsewhere = await startServer(answer(200, tag()));
  const { received, baseUrl: origin } = await startServer(
    answer(302, '', { location: '/next', 'set-cookie': 'seen=1; Path=/' }),
    answer(302, '', { location: elsewhere.baseUrl.replace('127.0.0.1', 'localhost') }),
  );
  await examine([origin, '--no-browser']);
  expect(received.slice(0, 2).map(({ headers }) => headers.cookie)).toEqual([undefined, 'seen=1']);
  expect(elsewhere.received[0]?.headers.cookie).toBeUndefined();
});

test('credentials that are not escaped are sent as they are', async () => {
  const { received, baseUrl: origin } = await startServer(answer(200, tag()));
  await examine([origin.replace('http://', 'http://kim:50%@'), '--no-browser']);
  expect(received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('kim:50%').toString('base64')}`);
});

test('what one address serves under two queries stands in one block', async () => {
  const page = site.page('/app', tag());
  const { said } = await examine([`${page}?a`, '--thank-you', `${page}?b`, '--no-browser']);
  expect(said.split(page)).toHaveLength(2);
});

test('no line of the page poses as the doctor’s', async () => {
  const { said } = await examine([
    site.page('/signup', tag('data-window-days="7\n\n  ✓ Fine."')),
    '--no-browser',
  ]);
  expect(said).not.toContain('\n  ✓ Fine.');
});

test('a page without an end is read to 5 MB', async () => {
  const { baseUrl: origin } = await startServer(endless);
  expect((await diagnose([origin, '--no-browser'])).codes).toEqual(['tag-missing']);
});

test('a self-signed certificate: what to do', async () => {
  const server = createServer(certificate, (_request, response) => response.end());
  onTestFinished(() => {
    server.close();
  });
  const origin = (await listen(server)).replace('http:', 'https:');
  const { exitCode, told } = await examine([origin, '--no-browser']);
  expect(exitCode).toBe(3);
  expect(told).toContain('NODE_EXTRA_CA_CERTS=your-ca.pem');
});

test('what a page says is harmless, and neither credentials nor queries are shown', async () => {
  const { received, baseUrl: origin } = await startServer(
    answer(200, `<meta charset="utf-8">${tag('data-window-days="\u001b[31m\u202e7"')}`),
  );
  const address = origin.replace('http://', 'http://kim:s3cret@');
  const { said, told } = await examine([`${address}/?token=t0ken`, '--no-browser']);
  expect(received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('kim:s3cret').toString('base64')}`);
  expect(said).toContain('data-window-days="\\u001b[31m');
  for (const hidden of ['\u001b', '\u202e', 's3cret', 't0ken']) expect(said + told).not.toContain(hidden);
});

test('the object for programs', async () => {
  const page = site.page('/signup', tag());
  const thankYou = site.page('/thanks', '<p>Thanks</p>');
  const { said } = await examine([`${page}?a=1`, '--thank-you', thankYou, '--json', '--no-browser']);
  expect(JSON.parse(said)).toEqual({
    page,
    thankYou,
    reported: [],
    browser: null,
    ok: false,
    findings: [
      {
        code: 'tag-missing',
        severity: 'error',
        page: thankYou,
        sentence: expect.stringMatching(/^The tag is missing from this page\. /),
        change: `<script async src="${baseUrl}/onramp.js" data-partner-key="pk_acme"></script>`,
        docs: 'docs/doctor.md#tag-missing',
      },
    ],
  });
});
