import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { findPhp } from '../../tools/php.mjs';
import { readGuide } from '../provider/guides/support/guide.ts';
import { stub } from '../support/tag.ts';

/** What the plugin printed and stored, by what was done with it: print.php. */
async function play(): Promise<Record<string, unknown>> {
  const php = findPhp();
  if (!php) throw new Error("PHP isn't there: node tools/setup.mjs --tests");
  const { files } = await readGuide('guides/wordpress');
  const folder = await mkdtemp(join(tmpdir(), 'onramp-wordpress-'));
  const example = join(folder, 'functions.php');
  await writeFile(example, files.get('functions.php') ?? '');
  const args = [resolve(import.meta.dirname, 'print.php'), example];
  const printed = execFileSync(php, args, { encoding: 'utf8' });
  await rm(folder, { recursive: true });
  return JSON.parse(printed);
}

const settings = {
  partner_key: 'pk_acme',
  endpoint: 'https://market.example/m',
  service_name: 'R&D "CRM"',
  consent: '',
};
const tag = {
  async: true,
  src: 'https://market.example/m/onramp.js',
  'data-partner-key': 'pk_acme',
  'data-endpoint': 'https://market.example/m',
  'data-service-name': 'R&D "CRM"',
  'data-cfasync': 'false',
};
const thanks = {
  ...tag,
  'data-track': 'purchase',
  'data-amount': '49.90',
  'data-currency': 'EUR',
  'data-purchased-at': '2026-11-20T09:00:00Z',
};

test('the plugin for WordPress prints, checks and removes what it should, without a warning of PHP', async () => {
  const { head, consent, ...played } = await play();
  expect(played).toMatchObject({
    unset: [],
    checked: settings,
    // What can't be right keeps its old value; a name may be empty.
    refused: { ...settings, partner_key: 'pk', endpoint: 'https://market.example/m', service_name: '' },
    errors: ['endpoint', 'partner_key'],
    kept: { ...settings, endpoint: '', service_name: '' },
    thanks: [{ ...thanks, 'data-customer-id': '42', 'data-order-id': '1001' }],
    guest: [{ ...thanks, 'data-customer-id': 'guest-1002', 'data-order-id': '1002' }],
    failed: [],
    no_order: [],
    signup: [{ ...tag, 'data-track': 'signup', 'data-customer-id': '43' }],
    shop: [
      {
        ...tag,
        'data-track': 'purchase',
        'data-customer-id': '42',
        'data-order-id': 'A-1001',
        'data-amount': '49.90',
        'data-currency': 'EUR',
      },
    ],
    left: [],
  });
  expect(head).toEqual([expect.objectContaining(tag)]);
  expect(JSON.stringify(head)).not.toContain('data-consent');
  const [script, waiting] = consent as [string, object];
  expect(script.split('\n')[0]).toBe(`${/<script>(.*)<\/script>/.exec(stub)?.[1]};`);
  expect(waiting).toMatchObject({ ...tag, 'data-consent': 'required' });
});
