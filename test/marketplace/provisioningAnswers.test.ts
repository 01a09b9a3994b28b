// A customer's id is read from an answer wherever it can be, whatever wrote it.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnswer, readCoid, readFailure } from '../../src/marketplace/provisioning/answer.ts';
import { startOrdering } from './support/ordering.ts';
import { startProviderEndpoint } from './support/providerEndpoint.ts';

const coidOf = (body: string | Uint8Array, contentType?: string) =>
  readCoid(readAnswer(Buffer.from(body), contentType), undefined);

const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const mark = '\uFEFF';
const answer = '{"coid":"Jörg-1"}';

test.each<[string, Uint8Array, string?]>([
  ['UTF-8', Buffer.from(answer)],
  ['UTF-8 with a byte order mark', Buffer.from(mark + answer)],
  ['UTF-8 with two', Buffer.from(mark + mark + answer)],
  ['UTF-8 that says it is Latin-1', Buffer.from(answer), 'application/json; charset=ISO-8859-1'],
  ['Latin-1 that says so', latin1(answer), 'application/json;charset="iso-8859-1"'],
  ['Latin-1 that says nothing', latin1(answer)],
  ['Latin-1 that says it is UTF-8', latin1(answer), 'application/json; charset=utf-8'],
  ['Latin-1 of a charset that nobody knows', latin1(answer), 'application/json; charset=x-acme'],
  ['UTF-16 LE with a mark', utf16le(mark + answer)],
  ['UTF-16 BE with a mark', utf16be(mark + answer)],
  ['UTF-16 LE without', utf16le(answer)],
  ['UTF-16 BE without', utf16be(answer), 'application/json; charset=utf-16'],
])('%s', (_name, body, contentType) => {
  expect(coidOf(body, contentType)).toBe('Jörg-1');
});

test('a charset of another alphabet counts where it is declared', () => {
  const body = Buffer.concat([Buffer.from('{"coid":"'), Buffer.from([0xe9, 0xd7, 0xc1]), Buffer.from('"}')]);
  expect(coidOf(body, 'application/json; charset=KOI8-R')).toBe('Ива');
});

test.each([
  ['an octet that is broken elsewhere', Buffer.from('{"coid":"c-1","name":"\xff"}', 'latin1'), 'c-1'],
  ['blanks around it', '\r\n {"coid":" c-1 "} \n', 'c-1'],
  ['coId', '{"coId":"c-2"}', 'c-2'],
  ['CoID', '{"CoID":"c-3"}', 'c-3'],
  ['id', '{"id":"c-4"}', 'c-4'],
  ['a number', '{"coid":0}', '0'],
  ['coid before id', '{"id":"other","coid":"c-5"}', 'c-5'],
  ['an empty coid beside an id', '{"coid":"","id":77}', '77'],
  ['within data', '{"data":{"coid":"c-1"}}', 'c-1'],
  ['within data as id', '{"data":{"type":"customers","id":"c-1"}}', 'c-1'],
  ['within what it was made for', '{"status":"created","customer":{"CoID":4711}}', '4711'],
  ['at the top before what is within', '{"order":{"coid":"other"},"coid":"c-1"}', 'c-1'],
  ['a bare number', '4711', '4711'],
  ['a bare number of many digits', '12345678901234567890\n', '12345678901234567890'],
  ['a bare number with zeros before it', '004711', '004711'],
  ['a quoted text', '"cus_9"', 'cus_9'],
  ['a letter of two code points, as ids are compared', '{"coid":"Jose\u0301"}', 'Jos\u00e9'],
  ['many digits within', '{"data":{"coid":98765432109876543210}}', '98765432109876543210'],
])('%s', (_name, body, coid) => {
  expect(coidOf(body)).toBe(coid);
});

test.each([
  ['nothing', ''],
  ['a text without quotes', 'created'],
  ['a quoted word that it went well', '"OK"'],
  ['true', 'true'],
  ['null', 'null'],
  ['a list', '[{"coid":"c-1"}]'],
  ['a coid that is a list', '{"coid":["c-1"]}'],
  ['an id of something else within', '{"plan":{"id":"gold"}}'],
  ['two levels within', '{"data":{"customer":{"coid":"c-1"}}}'],
  ['a template that was not filled in', '{"coid":"{{ user.id }}"}'],
  ['the text undefined', '{"coid":"undefined"}'],
  ['a page', '<!doctype html><p>4711</p>'],
])('no id is read from %s', (_name, body) => {
  expect(coidOf(body)).toBeUndefined();
});

test.each<[string, object, object]>([
  ['a message', { message: 'No.' }, { detail: 'No.', errors: {} }],
  [
    'pointers',
    { errors: [{ pointer: '#/email', detail: 'Taken' }, { pointer: '/plan', detail: 'x' }, 7] },
    { errors: { email: 'Taken' } },
  ],
  ['lists by field', { errors: { name: ['Too short', 'x'] } }, { errors: { name: 'Too short' } }],
  ['errors that are none', { detail: 7, errors: 'x' }, { errors: {} }],
])('a refusal with %s says as much', (_name, body, failure) => {
  expect(readFailure(readAnswer(Buffer.from(JSON.stringify(body))), undefined)).toEqual(failure);
});

test('any text comes through in each of the charsets that can write it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
      const json = JSON.stringify({ coid: text });
      for (const bytes of [Buffer.from(json), utf16le(json), utf16be(mark + json)]) {
        expect(readAnswer(bytes).text).toBe(json);
      }
    }),
  );
});

test('an answer travels so, compressed too', async () => {
  const endpoint = await startProviderEndpoint((response) => {
    const head = { 'content-type': 'application/json; charset=utf-16', 'content-encoding': 'gzip' };
    response.writeHead(201, head).end(gzipSync(utf16le(mark + answer)));
  });
  const ordering = await startOrdering({ url: endpoint.url });
  await ordering.becomes(await ordering.placeOrder(), { status: 'succeeded', coid: 'Jörg-1' });
});
