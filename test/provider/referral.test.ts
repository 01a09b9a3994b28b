import { describe, expect, test } from 'vitest';
import { createArgumentReader } from '../../src/provider/arguments.ts';
import { OnrampError } from '../../src/provider/error.ts';
import { type GivenReferral, readReferral } from '../../src/provider/referral.ts';

/** The fields of the wire, or all that is said of wrong ones. */
function read(given: { [Name in keyof GivenReferral]: unknown }): object | string[] {
  const reader = createArgumentReader();
  const fields = readReferral(reader, given);
  try {
    reader.check();
    return fields;
  } catch (error) {
    if (!(error instanceof OnrampError)) throw error;
    return error.errors.map(({ pointer, code, detail }) => `${pointer} ${code}: ${detail}`);
  }
}

const landing = { id: 'r-1', source: 'param', landedAt: 1_488_362_400_000 };
const landed = { referral: 'r-1', referralSource: 'param', landedAt: 1_488_362_400_000 };
const nothing = { referral: undefined, referralSource: undefined, landedAt: undefined };

describe('what is given is', () => {
  test.each<[object, object]>([
    [{ referral: landing }, landed],
    [{ referral: ` ${JSON.stringify(landing)}\n` }, landed],
    [landed, landed],
    [{ referral: ' null ' }, { ...nothing, referral: null }],
    [
      { referral: 'r-1', landedAt: ' 5 ' },
      { ...nothing, referral: 'r-1', landedAt: ' 5 ' },
    ],
    [{ referral: landing, referralSource: ' ', landedAt: null }, landed],
    [{}, nothing],
  ])('%j', (given, fields) => {
    expect(read(given)).toEqual(fields);
  });
});

describe('what is wrong is said of', () => {
  const wholly = "it must be what onrampTrack('referral') resolves to, {id, source, landedAt} or null";
  const orId = "it must be what onrampTrack('referral') resolves to, or its id";
  test.each<[object, string[]]>([
    [{ referral: {} }, [`/referral wrong_type: referral is an object without an id: ${wholly}`]],
    [{ referral: { id: ' ' } }, [`/referral wrong_type: referral is an object without an id: ${wholly}`]],
    [{ referral: '{"id":' }, [`/referral wrong_type: referral is an object without an id: ${wholly}`]],
    [{ referral: 7 }, [`/referral wrong_type: referral is 7: ${orId}`]],
    [{ referral: ' undefined ' }, [`/referral not_filled_in: referral is " undefined ": ${orId}`]],
    [{ referral: { ...landing, id: 'null' } }, [`/referral not_filled_in: referral is "null": ${orId}`]],
    [
      { referral: landing, referralSource: 'param', landedAt: 5 },
      [
        '/referralSource invalid: referralSource stands in referral already: leave it out',
        '/landedAt invalid: landedAt stands in referral already: leave it out',
      ],
    ],
    [
      { referralSource: 'ad' },
      ['/referralSource invalid: referralSource is "ad": it must be param or referrer'],
    ],
    ...['soon', '5 s', 'in 5', '-5', '1.5', '1'.repeat(17)].map((landedAt): [object, string[]] => [
      { landedAt },
      [`/landedAt invalid: landedAt is "${landedAt}": it must be epoch milliseconds`],
    ]),
    [{ landedAt: [5] }, ['/landedAt invalid: landedAt is a list: it must be epoch milliseconds']],
  ])('%j', (given, said) => {
    expect(read(given)).toEqual(said);
  });
});
