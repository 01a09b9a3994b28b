import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCommandLine } from './support/command.ts';
import { startService } from './support/service.ts';

const svg =
  '<?xml version="1.0"?>\n<!-- Acme -->\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('rest')]);
const webp = Buffer.from('RIFF\x04\0\0\0WEBPVP8 ');

async function addAcme() {
  const line = await createCommandLine();
  await line.addProvider();
  return line;
}

test('a provider and its form are set step by step, and only what is given changes', async () => {
  const line = await addAcme();
  const set = (args: string) => line.json(`provider set pk_acme ${args}`);
  const form = (args: string) => line.json(`provision form pk_acme ${args}`);
  const always = [
    { name: 'name', required: true },
    { name: 'email', required: true },
  ];
  expect(await form('--path acme')).toEqual({
    partnerKey: 'pk_acme',
    path: '/order/acme',
    fields: always,
    hasResellerKey: false,
    logo: null,
    open: false,
  });
  const provisionUrl = 'https://acme.example/acme-provision-account/';
  const unencrypted = 'provider set pk_acme --provision-url http://acme.example/';
  expect(await line.run(unencrypted)).toMatchObject({ exitCode: 2 });
  expect(await set(`--provision-url ${provisionUrl}`)).toMatchObject({ provisionUrl, idempotent: false });
  expect(await set('--idempotent')).toMatchObject({ provisionUrl, idempotent: true });
  expect(await set('--not-idempotent')).toMatchObject({ provisionUrl, idempotent: false });
  const fields = [...always, { name: 'company', required: true }, { name: 'phone', required: false }];
  expect(await form('--field phone --required company --field name')).toMatchObject({ fields, open: true });
  const changed = await form('--reseller-key rk-1 --path acme-crm');
  expect(changed).toMatchObject({ path: '/order/acme-crm', fields, hasResellerKey: true });
  expect(await line.json('provision list')).toEqual([changed]);
  const { stdout } = await line.run('provision list');
  expect(stdout).toContain('name* email* company* phone');
  expect(stdout).not.toContain('rk-1');
});

test("another provider's path is taken", async () => {
  const line = await addAcme();
  await line.addProvider('pk_other');
  await line.json('provision form pk_other --path crm');
  const { exitCode, stderr } = await line.run('provision form pk_acme --path crm');
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/\/order\/crm belongs to another provider/)]);
});

test('a logo is known by its content, served as what it is, and can run nothing', async () => {
  const line = await addAcme();
  const { baseUrl } = await startService({ database: line.database });
  const file = join(line.folder, 'logo.png');
  const setLogo = `provision form pk_acme --path acme --logo ${file}`;
  for (const [content, type] of [
    [svg, 'image/svg+xml'],
    [`\uFEFF <?xml version="1.0"?>\n<!-- a > b --><!DOCTYPE svg>\n<!---->${svg}`, 'image/svg+xml'],
    [png, 'image/png'],
    [webp, 'image/webp'],
  ] as const) {
    await writeFile(file, content);
    const set = await line.json(setLogo);
    const logo = await fetch(baseUrl + set.logo);
    expect([logo.status, logo.headers.get('content-type')]).toEqual([200, type]);
    expect(logo.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    );
    expect(logo.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await logo.arrayBuffer())).toEqual(Buffer.from(content));
  }
  const comments = '<!--a-->'.repeat(32_000);
  const notSvg = ['<!-- <svg>', '<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', `${comments}<p>`, '<svga>'];
  for (const content of [
    ...notSvg,
    '<html><svg></svg></html>',
    'GIF89a',
    '',
    `${svg}${' '.repeat(256 * 1024)}`,
  ]) {
    await writeFile(file, content);
    const stderr = expect.stringContaining('The logo');
    expect(await line.run(setLogo)).toMatchObject({ exitCode: 1, stderr });
  }
  expect(await line.json('provision form pk_acme --no-logo')).toMatchObject({ logo: null });
  expect((await fetch(`${baseUrl}/logos/0123456789abcdef0123456789abcdef`)).status).toBe(404);
});
