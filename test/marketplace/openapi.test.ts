import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect } from 'vitest';
import { openApiDocument } from '../../src/marketplace/openapi/document.ts';
import { reportRefusals } from '../../src/marketplace/subscriptions/refusal.ts';
import { trackingFields } from '../../src/wire/fields.ts';
import { reportFields } from '../../src/wire/subscription.ts';
import { forgetCustomers } from './support/forget.ts';
import { patience } from './support/patience.ts';
import { bearer, purchase } from './support/purchase.ts';
import { startService } from './support/service.ts';
import { postReport, startReporting, usage } from './support/subscription.ts';
import { test } from './support/test.ts';

/** What buyers and pages load; providers call none of it. */
const notForProviders = [
  '/go/:listing',
  '/logos/:version',
  '/onramp-:version.js',
  '/onramp.js',
  '/onramp_debug.js',
  '/order/:path',
  '/orders/:token',
];

/** The paths in Fastify's tree, in which a branch shows only what it adds to the one above. */
function pathsIn(tree: string): string[] {
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part = ''] = /^([│├└─ ]*)(\S+) \(/.exec(line) ?? [];
    if (part === '') return [];
    const depth = indent.length / 4;
    above.splice(depth - 1, Infinity, (above[depth - 2] ?? '') + part);
    return [above[depth - 1] ?? ''];
  });
}

const documented = Object.entries(openApiDocument.paths);
/** HEAD goes where GET does. */
const methods = ['get', 'post', 'put', 'patch', 'delete'];

test('/openapi.json is valid OpenAPI 3.1', async ({ service }) => {
  const answer = await service.send('/openapi.json');
  expect(answer).toMatchObject({ status: 200, body: { openapi: '3.1.1' } });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  const validator = new Validator();
  const { valid, errors } = await validator.validate(answer.body);
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  expect(validator.version).toBe('3.1');
});

test('has every route that is for providers, and no other', async ({ service }) => {
  const routes = pathsIn(service.printRoutes());
  const inDocument = documented.map(([path]) => path.replace(/(?<=.)\/$/, ''));
  // Of an address that ends in a star, the tree shows that alone: /assets/:version/*.
  const isPage = (path: string) => /^(\*$|\/(console|provider)\b)/.test(path);
  expect(routes.filter((path) => !notForProviders.includes(path) && !isPage(path)).sort()).toEqual(
    inDocument.sort(),
  );
});

describe('the methods of', () => {
  test.for(documented)('%s are those of the document', async ([path, operations], { service }) => {
    for (const method of methods) {
      const { status } = await service.send(path, { method: method.toUpperCase() });
      const isThere = status !== 405 && status !== 404;
      expect({ method, isThere }).toEqual({ method, isThere: method in operations });
    }
  });
});

test('every answer that the service gives to a purchase is in the document', async () => {
  const service = await startService({ limits: { perAddress: 0, perKey: 7, perProvider: 0, orders: 0 } });
  const { secret } = await service.addProvider();
  await service.addProvider({ partnerKey: 'pk_off', disabled: true });
  const { responses } = openApiDocument.paths['/api/SaasTrackings'].post;
  const seen = [
    await service.post({ ...purchase, amount: '1' }),
    await service.post(purchase),
    await service.post({ ...purchase, amount: '2' }),
    await service.post({ ...purchase, customerId: '' }),
    await service.post(purchase, bearer(`${secret}x`)),
    await service.post({ ...purchase, partnerKey: 'pk_off' }),
    await service.postRaw(' '.repeat(20_000)),
    await service.post(purchase),
    await service.post(purchase),
    await service.post(purchase),
  ].map(({ status }) => status);
  expect([...new Set(seen)].sort()).toEqual([200, 201, 400, 401, 403, 409, 413, 429]);
  for (const status of seen) expect(Object.keys(responses)).toContain(String(status));
});

test('every refusal of a report is in the document by its code, and none that there is not', async () => {
  const waiting = Promise.withResolvers<void>();
  let isHeld = false;
  const service = await startReporting({
    wrapStore: (store) => ({
      ...store,
      write: async (entries) => {
        if (isHeld) await waiting.promise;
        return await store.write(entries);
      },
    }),
  });
  const { secret, report } = service;
  const key = (value: string) => ({ 'idempotency-key': value });
  const answers = [
    await postReport(service, usage),
    await report({}, key('')),
    await report({ providerkey: `${secret}x` }),
    await service.send('/update-subscription/', { method: 'POST', body: '{' }),
    await service.send('/update-subscription/', { method: 'POST', body: '[]' }),
  ];
  await report({}, key('known'));
  answers.push(await report({ count: 1 }, key('known')));
  await forgetCustomers(service, 'pk_acme', 'cust-2');
  answers.push(await report({ coid: 'cust-2' }));
  isHeld = true;
  const first = report({}, key('held'));
  await expect
    .poll(() => service.metrics.read().then(({ text }) => text), patience)
    .toMatch(/^onramp_queue_entries 1/m);
  answers.push(await report({}, key('held')));
  isHeld = false;
  waiting.resolve();
  await first;
  await service.store.changeProvider('pk_acme', { disabled: true });
  service.time.now += 1_000;
  answers.push(await report({}));

  const refused = answers.map(({ status, body }) => ({ status, code: String(body.type).split(':').at(-1) }));
  // A body that breaks off leaves nobody who reads the answer.
  const codes = Object.keys(reportRefusals).filter((code) => code !== 'incomplete');
  expect(refused.map(({ code }) => code).sort()).toEqual(codes.sort());
  for (const path of ['/update-subscription/', '/update-subscriptions/'] as const) {
    const responses: Record<string, unknown> = openApiDocument.paths[path].post.responses;
    for (const { status, code } of refused) {
      expect(responses[status]).toHaveProperty('description', expect.stringContaining(`\`${code}\``));
    }
  }
});

test('the fields are those that are read, with the limits of their schemas', async () => {
  const { paths } = openApiDocument;
  const { content } = paths['/api/SaasTrackings'].post.requestBody;
  expect(content['application/json'].schema).toMatchObject({
    required: ['partnerKey'],
    properties: {
      partnerKey: { type: ['string', 'number'], maxLength: 128 },
      event: { enum: ['purchase', 'signup', 'visit', 'renewal', 'refund'] },
      customerId: { maxLength: 200 },
      amount: { description: expect.stringContaining('49.90') },
      referral: { maxLength: 300 },
    },
  });
  const names = ({ schema }: { schema: object }) =>
    'properties' in schema ? Object.keys(Object(schema.properties)).sort() : [];
  expect(names(content['application/json'])).toEqual([...trackingFields].sort());
  const report = paths['/update-subscription/'].post.requestBody.content['application/json'];
  expect(names(report)).toEqual([...reportFields].sort());
  expect(paths['/api/SaasTrackings.gif'].get.parameters.map(({ name }) => name).sort()).toEqual(
    [...trackingFields].sort(),
  );
  expect(paths['/api/subscriptions/reports'].get.parameters.map(({ name }) => name)).toEqual([
    'partnerKey',
    'limit',
    'cursor',
    'zone',
    'coid',
    'sku',
    'period',
  ]);
});
