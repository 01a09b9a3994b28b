import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64, encodeBase64Url } from '../../src/provider/base64.ts';
import { areSameBytes } from '../../src/provider/hmac.ts';
import { joinBytes, readBytes } from '../../src/provider/readBytes.ts';

const chunks = [Uint8Array.of(1, 2), Uint8Array.of(3), Uint8Array.of(4, 5)];

describe('a body', () => {
  const bodyOf = () => new Blob(chunks).stream();

  test('that is as long as it may be is read whole', async () => {
    expect(await readBytes(bodyOf(), 5)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
  });

  test('that is longer is undefined', async () => {
    expect(await readBytes(bodyOf(), 4)).toBeUndefined();
  });

  test('that is longer is given up before its end', async () => {
    let isCancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: () => {
        isCancelled = true;
        throw new Error('cannot be ended well');
      },
    });
    expect(await readBytes(endless, 25)).toBeUndefined();
    expect(isCancelled).toBe(true);
  });

  test('that is none is empty', async () => {
    expect(await readBytes(null, 5)).toEqual(new Uint8Array(0));
  });
});

test('chunks are joined in their order', () => {
  expect(joinBytes(chunks, 5)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
});

test.each<[number[], string, string]>([
  [[], '', ''],
  [[0xfb, 0xff], '+/8=', '-_8'],
  [[0xfb, 0xef, 0xbe, 0xff, 0xff], '++++//8=', '----__8'],
  [[1], 'AQ==', 'AQ'],
  [[0, 128, 255], 'AID/', 'AID_'],
])('%j in base64 is %s, in addresses %s', (bytes, base64, url) => {
  expect(encodeBase64(Uint8Array.from(bytes))).toBe(base64);
  expect(encodeBase64Url(Uint8Array.from(bytes))).toBe(url);
  expect(decodeBase64(base64)).toEqual(Uint8Array.from(bytes));
  expect(decodeBase64(base64.replace(/=+$/, ''))).toEqual(Uint8Array.from(bytes));
});

test('what is no base64 is undefined', () => {
  expect(decodeBase64('*')).toBeUndefined();
});

test.each<[number[], number[], boolean]>([
  [[], [], true],
  [[1, 2], [1, 2], true],
  [[1, 2], [1, 3], false],
  [[2, 1], [3, 1], false],
  [[1, 2], [2, 1], false],
  [[0, 0], [0], false],
  [[0], [0, 0], false],
])('%j and %j are the same: %j', (one, other, expected) => {
  expect(areSameBytes(Uint8Array.from(one), Uint8Array.from(other))).toBe(expected);
});
