import { type ReferralSource, referralSources } from '../wire/fields.ts';
import { isTemplateLeftover } from '../wire/text.ts';
import { type ArgumentReader, isAbsent, kindOf } from './arguments.ts';
import { isObject, type JsonObject, parseObject } from './problem.ts';

/** How a customer came to you, as `onrampTrack('referral')` says it in the page. */
export interface Referral {
  id: string;
  /** A parameter of the landing page's address, or the host of its referrer. */
  source: ReferralSource;
  /** Epoch milliseconds. */
  landedAt: number;
}

export interface GivenReferral {
  /**
   * What `onrampTrack('referral')` gave the page: the object or null, also as the JSON that a hidden field carries. Or the
   * id alone, with the other two beside it.
   */
  referral?: Referral | string | null | undefined;
  referralSource?: ReferralSource | null | undefined;
  /** Epoch milliseconds. */
  landedAt?: number | string | null | undefined;
}

/** The fields of the wire; what stands there in a wrong form is an error, since it would be left out without a word. */
export function readReferral(reader: ArgumentReader, given: JsonObject): JsonObject {
  const referral = readHiddenField(given.referral);
  if (!isObject(referral)) {
    readId(reader, referral);
    return readRest(reader, referral, given);
  }
  const { id, source: referralSource, landedAt } = referral;
  if (typeof id === 'string' && !isAbsent(id)) readId(reader, id);
  else {
    const wanted = "it must be what onrampTrack('referral') resolves to, {id, source, landedAt} or null";
    reader.fail('referral', 'wrong_type', `is an object without an id: ${wanted}`);
  }
  for (const name of ['referralSource', 'landedAt']) {
    if (!isAbsent(given[name])) reader.fail(name, 'invalid', 'stands in referral already: leave it out');
  }
  return readRest(reader, id, { referralSource, landedAt });
}

/** A hidden field has an object, or null, as its JSON; as no id begins so, what can't be read of that is wrong. */
function readHiddenField(referral: unknown): unknown {
  if (typeof referral !== 'string') return referral;
  const text = referral.trim();
  if (text === 'null') return null;
  return text.startsWith('{"') ? (parseObject(text) ?? {}) : referral;
}

function readId(reader: ArgumentReader, id: unknown): void {
  if (isAbsent(id)) return;
  const wanted = "it must be what onrampTrack('referral') resolves to, or its id";
  if (typeof id !== 'string') reader.fail('referral', 'wrong_type', `is ${kindOf(id)}: ${wanted}`);
  else if (isTemplateLeftover(id.trim()))
    reader.fail('referral', 'not_filled_in', `is ${kindOf(id)}: ${wanted}`);
}

function readRest(
  reader: ArgumentReader,
  referral: unknown,
  { referralSource, landedAt }: JsonObject,
): JsonObject {
  if (!isAbsent(referralSource) && !referralSources.some((source) => source === referralSource)) {
    const wanted = `it must be ${referralSources.join(' or ')}`;
    reader.fail('referralSource', 'invalid', `is ${kindOf(referralSource)}: ${wanted}`);
  }
  const isTime = typeof landedAt === 'number' || typeof landedAt === 'string';
  if (!isAbsent(landedAt) && !(isTime && /^\d{1,16}$/.test(String(landedAt).trim()))) {
    reader.fail('landedAt', 'invalid', `is ${kindOf(landedAt)}: it must be epoch milliseconds`);
  }
  return { referral, referralSource, landedAt };
}
