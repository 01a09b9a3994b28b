import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { codes, severities } from '../../src/doctor/findings.ts';
import { diagnose, openClinic, pixel } from './support/clinic.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/doctor.md'), 'utf8');
const sections = page
  .split(/^### /m)
  .slice(1)
  .map((section) => ({
    code: /^.*/.exec(section)?.[0] ?? '',
    severity: /^(\w+)\./m.exec(section)?.[1]?.toLowerCase(),
    html: /^```html\n(.*?)\n```/ms.exec(section)?.[1] ?? '',
    headers: [...(/^```http\n(.*?)\n```/ms.exec(section)?.[1] ?? '').matchAll(/^(\S+): (.*)$/gm)].map(
      ([, name = '', value = '']) => [name.toLowerCase(), value] as const,
    ),
    hasExample: /^```(html|text)\n./m.test(section),
  }));

test('the docs know every code, and no other', () => {
  expect(sections.map(({ code }) => code).toSorted()).toEqual(Object.keys(codes).toSorted());
  expect(Object.fromEntries(sections.map(({ code, severity }) => [code, severity]))).toEqual(codes);
  expect(sections.filter(({ hasExample }) => !hasExample)).toEqual([]);
  expect(severities).toHaveLength(3);
});

const { site, service, baseUrl } = await openClinic();
await service.addProvider({ partnerKey: 'pk_closed', disabled: true });
await service.addProvider({ partnerKey: 'pk_strict', minimumLevel: 'signed' });
await service.addProvider({ partnerKey: 'pk_new', origins: [] });
site.script('/onramp.js', pixel);
site.script('/old/onramp.js', pixel.replace('2e3', '1e3'));
site.script('/js/onramp.js', 'console.log("another")');
const here = (text: string) =>
  text.replaceAll('https://market.example', baseUrl).replaceAll('https://acme.example', site.origin);

test.each(sections.filter(({ html }) => html))(
  '$code: its example has it',
  async ({ code, html, headers }) => {
    const sent = Object.fromEntries(headers.map(([name, value]) => [name, here(value)]));
    expect((await diagnose(['--no-browser', site.page('/signup', here(html), sent)])).codes).toEqual([code]);
  },
);
