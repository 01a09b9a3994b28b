import { describe, expect } from 'vitest';
import { purchase } from './support/purchase.ts';
import type { Json, Provider, Service } from './support/service.ts';
import { test } from './support/test.ts';

const form = 'application/x-www-form-urlencoded';
const named = { ...purchase, customerId: 'Müller' };
const json = JSON.stringify(named);
const asForm = new URLSearchParams(named).toString();
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const bigEndian = (text: string) => utf16(text).swap16();

describe('a body is read by its charset', () => {
  test.for<[string, Buffer, string]>([
    ['declared as ISO-8859-1', Buffer.from(json, 'latin1'), 'application/json; charset=ISO-8859-1'],
    ['in quotes', Buffer.from(json, 'latin1'), 'text/plain;Charset="windows-1252"'],
    ['declared as UTF-8', Buffer.from(json), 'application/json; charset=utf8'],
    ['that is unknown, as UTF-8', Buffer.from(json), 'application/json; charset=x-none'],
    ['that is empty, as UTF-8', Buffer.from(json), 'application/json; charset='],
    ['UTF-16, little end first', utf16(json), 'application/json; charset=utf-16'],
    ['UTF-16, big end first', bigEndian(json), 'application/json; charset=utf-16'],
    ['UTF-16 that is UTF-8', Buffer.from(json), 'application/json; charset=utf-16'],
    ['UTF-16, not declared', bigEndian(json), 'application/json'],
    ['UTF-16 with its mark', utf16(`\uFEFF${json}`), 'application/json; charset=utf-8'],
    ['UTF-16 with the other mark', bigEndian(`\uFEFF${json}`), 'text/plain'],
    ['UTF-8 with its mark', Buffer.from(`\uFEFF${json}`), 'application/json; charset=iso-8859-1'],
    ['a form in UTF-8 with its mark', Buffer.from(`\uFEFF${asForm}`), form],
    ['a form of ISO-8859-1', Buffer.from(asForm.replace('%C3%BC', '%FC')), `${form}; charset=iso-8859-1`],
    [
      'a form of raw ISO-8859-1',
      Buffer.from(asForm.replace('%C3%BC', 'ü'), 'latin1'),
      `${form};charset=latin1`,
    ],
    ['a form of UTF-16', utf16(asForm), `${form}; charset=UTF-16LE`],
  ])('%s', async ([_name, body, contentType], { acme, service }) => {
    const own = replaceKey(body, acme);
    expect(await service.postRaw(own, contentType)).toMatchObject({ status: 201 });
    expect(await acme.rows()).toMatchObject([{ customerId: 'Müller' }]);
  });

  test('a report of a subscription, too', async ({ acme, service }) => {
    const report = { providerkey: acme.secret, coid: 'Müller', sku: 's', expired: '0' };
    const body = Buffer.from(JSON.stringify({ ...report, expired: false }), 'latin1');
    const headers = { 'content-type': 'application/json; charset=iso-8859-1' };
    expect(await service.send('/update-subscription/', { method: 'POST', headers, body })).toMatchObject({
      status: 201,
    });
    expect(await acme.subscriptions()).toMatchObject([{ coid: 'Müller' }]);
  });
});

/** The body with the provider's own partner key, in whichever charset it is. */
function replaceKey(body: Buffer, { partnerKey }: Provider): Uint8Array<ArrayBuffer> {
  for (const encode of [(text: string) => Buffer.from(text), utf16, bigEndian]) {
    const [sought, own] = [encode('pk_acme'), encode(partnerKey)];
    const at = body.indexOf(sought);
    const rest = body.subarray(at + sought.length);
    if (at >= 0) return new Uint8Array(Buffer.concat([body.subarray(0, at), own, rest]));
  }
  throw new Error('no partner key in the body');
}

/** The three ways in, each with a field whose octets are broken. */
const ways: Record<
  string,
  (service: Service, fields: Json, name: string) => Promise<{ status: number; body: Json }>
> = {
  'as JSON': (service, fields, name) => {
    const [before = '', after = ''] = JSON.stringify({ ...fields, [name]: 'M?ller' }).split('?');
    return service.postRaw(Buffer.concat([Buffer.from(before), Buffer.from([0xfc]), Buffer.from(after)]));
  },
  'as a form': (service, fields, name) => service.postRaw(brokenQuery(fields, name), form),
  'as a picture': async (service, fields, name) => {
    const { status, headers } = await service.send(`/api/SaasTrackings.gif?${brokenQuery(fields, name)}`);
    return { status, body: { result: headers.get('x-tracking-result') } };
  },
};

function brokenQuery(fields: Json, name: string): string {
  const others = Object.entries(fields).filter(([other]) => other !== name);
  return `${new URLSearchParams(others.map(([key, value]) => [key, String(value)]))}&${name}=M%FCller`;
}

describe.for(Object.entries(ways))('octets that cannot be read, %s,', ([_way, send]) => {
  test.for(['page', 'referral', 'amount', 'currency', 'referralSource', 'landedAt', 'clock', 'unknown'])(
    'in %s, lose that field alone',
    async (name, { acme, service }) => {
      const fields = { ...purchase, partnerKey: acme.partnerKey, customerId: 'Zoë' };
      const { status, body } = await send(service, fields, name);
      expect(status).toBeLessThan(300);
      if (body.status) expect(body.ignored).toEqual(name === 'unknown' ? undefined : [name]);
      const [row] = await acme.rows();
      expect(row).toMatchObject({ customerId: 'Zoë' });
      expect(row).not.toHaveProperty(name);
    },
  );

  test.for(['serviceName', 'customerId', 'orderId', 'purchasedAt'])(
    'in %s, refuse the message and say so',
    async (name, { acme, service }) => {
      const fields = { ...purchase, partnerKey: acme.partnerKey };
      const { status, body } = await send(service, fields, name);
      const errors = [
        { pointer: `/${name}`, code: 'unreadable', detail: expect.stringContaining(`${name} holds`) },
      ];
      expect(status).toBe(400);
      if (body.status) expect(body).toMatchObject({ errors });
      expect(await acme.rejections()).toMatchObject([{ errors, [name]: 'M(octets left out)ller' }]);
    },
  );

  test('in event and partnerKey, refuse it, too', async ({ acme, service }) => {
    const fields = { ...purchase, partnerKey: acme.partnerKey };
    expect(await send(service, fields, 'event')).toMatchObject({ status: 400 });
    expect(await send(service, fields, 'partnerKey')).toMatchObject({ status: 400 });
  });

  test('in sig, are a wrong signature, and not none', async ({ acme, service }) => {
    expect(await send(service, { ...purchase, partnerKey: acme.partnerKey }, 'sig')).toMatchObject({
      status: 401,
    });
  });
});

test('a replacement character that was sent as such is one', async ({ acme }) => {
  await acme.post({ ...purchase, customerId: 'M\uFFFDller' });
  await acme.postRaw(new URLSearchParams({ ...purchase, customerId: 'M\uFFFDller', orderId: '2' }), form);
  expect(await acme.rows()).toMatchObject([{ customerId: 'M\uFFFDller' }, { customerId: 'M\uFFFDller' }]);
});
