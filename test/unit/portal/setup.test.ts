import { expect, test } from 'vitest';
import { type KnownOfSetup, likelyCauses } from '../../../src/marketplace/portal/causes.ts';
import { lampsOf, type SeenRow } from '../../../src/marketplace/portal/evidence.ts';
import { guidesFor } from '../../../src/marketplace/portal/snippets.ts';

const at = (minute: number) => `2026-11-26T10:0${minute}:00.000Z`;
const browser = { trust: 'origin', receivedAt: at(1) } as const;
const server = { trust: 'server', receivedAt: at(2) } as const;

function row(more: Partial<SeenRow> = {}): SeenRow {
  return {
    id: 'row',
    event: 'purchase',
    serviceName: 'Acme CRM',
    customerId: 'c-1',
    orderId: 'A-1',
    receivedAt: at(1),
    trust: 'origin',
    copies: [browser],
    ...more,
  };
}

const litOf = (purchases: SeenRow[], visits: SeenRow[] = []) =>
  lampsOf({ visits, purchases }).flatMap(({ name, lit }) => (lit ? [name] : []));

test.each([
  ['nothing', [], []],
  ['a page alone', [row()], ['browser']],
  ['a server alone', [row({ copies: [server] })], ['server']],
  ['both, of different purchases', [row(), row({ copies: [server] })], ['browser', 'server']],
  ['both, of one', [row({ copies: [browser, server] })], ['browser', 'server', 'match']],
] as const)('%s lights its lamps', (_name, purchases, lamps) => {
  expect(litOf([...purchases])).toEqual(lamps);
});

test('a lamp tells of its newest evidence, and of a test', () => {
  const visits = [row({ event: 'visit', receivedAt: at(3), test: true }), row({ event: 'visit' })];
  expect(lampsOf({ visits, purchases: [row()] })).toMatchObject([
    { name: 'visit', lit: { at: at(3), isTest: true } },
    { name: 'browser', lit: { at: at(1), of: 'A-1', isTest: false } },
    { lit: undefined },
    { lit: undefined },
  ]);
});

function causes(more: Partial<KnownOfSetup> = {}) {
  const { visits = [], purchases = [] } = more;
  const provider = { disabled: false, minimumLevel: 'unsigned', origins: ['https://acme.example'] } as const;
  const lamps = lampsOf({ visits, purchases });
  return likelyCauses({ provider, lamps, visits, purchases, rejections: [], ...more }).map(
    ({ title }) => title,
  );
}

test.each<[string, Partial<KnownOfSetup>, RegExp]>([
  ['nothing at all', {}, /not in the page/],
  ['a visit', { visits: [row({ event: 'visit' })] }, /onrampTrack is not called/],
  ['a purchase without a visit', { purchases: [row()] }, /after checkout alone/],
  [
    'a provider switched off',
    { provider: { disabled: true, minimumLevel: 'unsigned', origins: [] } },
    /switched you off/,
  ],
  [
    'a refusal',
    { rejections: [{ reason: 'invalid_fields', detail: 'customerId is missing.', count: 3 }] },
    /refused: Fields are missing or wrong/,
  ],
  [
    'another origin',
    { visits: [row({ page: 'https://shop.example/a' })] },
    /shop\.example is not registered/,
  ],
  [
    'a level that no page reaches',
    { provider: { disabled: false, minimumLevel: 'signed', origins: [] } },
    /below the level “signed”/,
  ],
  [
    'two who speak of different orders',
    { visits: [row({ event: 'visit' })], purchases: [row(), row({ trust: 'server', copies: [server] })] },
    /different purchases/,
  ],
])('the first cause after %s', (_name, known, expected) => {
  const shown = causes(known);
  expect(shown[0]).toMatch(expected);
  expect(shown.length).toBeLessThanOrEqual(3);
});

test('where all lamps are lit nothing is wrong', () => {
  const visits = [row({ event: 'visit' })];
  const rejections = [{ reason: 'conflict', detail: 'other amount', count: 1 }];
  expect(causes({ visits, purchases: [row({ copies: [browser, server] })], rejections })).toEqual([]);
});

test('a service name can be anything, and ends no attribute', () => {
  const serviceName = `"><script>alert('&')</script>`;
  const guides = guidesFor({ baseUrl: 'https://market.example', partnerKey: 'pk_acme', serviceName });
  expect(guides.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Plain HTML', 'Google Tag Manager', 'Strict Content Security Policy', 'Next.js']),
  );
  for (const { snippets } of guides) {
    expect(snippets.some(({ code }) => code.includes('pk_acme'))).toBe(true);
    for (const { code } of snippets) expect(code).not.toContain('<script>alert');
  }
});
