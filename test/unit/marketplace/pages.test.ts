// What pages are made of: whatever a stranger has written stays text in each part, and links lead where they should.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  badge,
  copyable,
  copyableLink,
  emptyState,
  notice,
  postButton,
  tiles,
} from '../../../src/marketplace/pages/blocks.ts';
import { checkField, choiceField, errorSummary, textField } from '../../../src/marketplace/pages/fields.ts';
import { framedPage } from '../../../src/marketplace/pages/frame.ts';
import { html } from '../../../src/marketplace/pages/html.ts';
import { linkFrom } from '../../../src/marketplace/pages/link.ts';
import { said } from '../../../src/marketplace/pages/said.ts';
import { table } from '../../../src/marketplace/pages/table.ts';
import { zoneOf } from '../../../src/marketplace/pages/zone.ts';
import { browserName } from '../../../src/marketplace/signin/browserName.ts';

const hostile = `"'><img src=x onerror=alert(1)></textarea></title>`;

const parts = {
  badge: badge('bad', hostile),
  copyable: copyable(hostile, hostile),
  copyableLink: copyableLink(hostile, hostile),
  emptyState: emptyState(hostile, html`${hostile}`),
  notice: notice('bad', html`${hostile}`),
  postButton: postButton({ action: hostile, text: hostile, hidden: { [hostile]: hostile } }),
  tiles: tiles([{ label: hostile, value: hostile, note: hostile }]),
  textField: textField({
    name: hostile,
    label: hostile,
    hint: hostile,
    error: hostile,
    value: hostile,
    type: 'url',
  }),
  textArea: textField({ name: hostile, label: hostile, value: hostile, lines: 2 }),
  choiceField: choiceField({ name: hostile, label: hostile, choices: [{ value: hostile, text: hostile }] }),
  checkField: checkField({ name: hostile, label: hostile, value: hostile, isChecked: true, id: hostile }),
  errorSummary: errorSummary({ [hostile]: hostile }, hostile),
  said: said(hostile),
  table: table({
    caption: hostile,
    rows: [hostile],
    columns: [{ heading: hostile, cell: (text) => text, kind: 'name' }],
  }),
};

describe('a stranger’s text stays text in', () => {
  test.each(Object.entries(parts))('%s', (_name, part) => {
    expect(part?.markup).toContain('&lt;img src=x');
    expect(part?.markup).not.toMatch(/<img|<\/title|"'>/);
  });

  test('the frame', () => {
    const area = { name: hostile, path: 'console', navigation: [{ text: hostile, path: hostile }] };
    const url = `/console?${hostile}`;
    const page = framedPage({ url, title: hostile, area, reader: hostile, content: html``, zone: hostile });
    expect(page).toContain('&lt;img src=x');
    expect(page).not.toMatch(/<img src=x|<\/title>.*<\/title>|"'>/s);
  });
});

test('what turns the direction of writing, or can’t be seen, is shown by its number', () => {
  expect(said('a\u202Eb\u0007c').markup).toBe('<bdi>a\\u202eb\\u0007c</bdi>');
});

test('links lead to the path, from wherever the page stands and below whatever path', () => {
  const segment = fc.stringMatching(/^[a-z]{1,5}$/);
  fc.assert(
    fc.property(
      fc.array(segment, { minLength: 1, maxLength: 4 }),
      fc.array(segment, { maxLength: 2 }),
      fc.boolean(),
      (own, below, hasSlash) => {
        const url = `/${own.join('/')}${hasSlash ? '/' : ''}?a=/b/c`;
        const base = `http://service${below.map((name) => `/${name}`).join('')}`;
        expect(new URL(linkFrom(url, 'x/y'), base + url).href).toBe(`${base}/x/y`);
      },
    ),
  );
});

test('the menu marks the page itself, and the list that it belongs to', () => {
  const navigation = ['console', 'console/providers'].map((path) => ({ text: path, path }));
  const area = { name: 'Console', path: 'console', navigation };
  const currentIn = (url: string) => {
    const page = framedPage({ url, title: '', area, reader: 'ada', content: html`` });
    return [...page.matchAll(/aria-current="(\w+)">([\w/]+)</g)].map(([, kind, path]) => [path, kind]);
  };
  expect(currentIn('/console?a=b')).toEqual([['console', 'page']]);
  expect(currentIn('/console/providers/')).toEqual([['console/providers', 'page']]);
  expect(currentIn('/console/providers/pk_acme')).toEqual([['console/providers', 'true']]);
  expect(currentIn('/console/audit')).toEqual([]);
});

test('the zone is the page’s, else the browser’s, else UTC; what is none is passed over', () => {
  const zone = (query: unknown, cookie?: string) => zoneOf({ query, cookies: { zone: cookie } });
  expect(zone({ zone: 'Asia/Tehran' }, 'Europe/Berlin')).toBe('Asia/Tehran');
  expect(zone({ zone: 'Nowhere/At all' }, 'Europe/Berlin')).toBe('Europe/Berlin');
  expect(zone({ zone: ['Europe/Berlin'] }, '<script>')).toBe('UTC');
  expect(zone(undefined)).toBe('UTC');
});

test('browsers are named as their users know them', () => {
  const agents = {
    'Chrome on Windows':
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'Edge on Windows':
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    'Chrome on Linux':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36',
    'Firefox on Linux': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
    'Safari on iOS':
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'A browser': '<img src=x onerror=alert(1)>',
  };
  expect(Object.values(agents).map(browserName)).toEqual(Object.keys(agents));
});
