import { maxNameLength, maxReferralLength, type ReferralSource, referralSources } from '../../wire/fields.ts';
import { isTemplateLeftover, lengthOf } from '../../wire/text.ts';
import { parseJson } from '../problem.ts';
import type { Referral } from '../referral.ts';
import { read, readNumber, readText } from './read.ts';

/** What a processor keeps for us beside an order, and hands back with each of its events. */
export interface OrderContext {
  /** Your own id of the customer, the same that the page says. */
  customerId: string | number;
  /** Where you sell several services by one account of the processor; else the mapper's option is enough. */
  serviceName?: string | undefined;
  /**
   * What `onrampTrack('referral')` gave the page, or its JSON, as a form's hidden field posts it. Comes from a browser:
   * what isn't one is left out.
   */
  referral?: Referral | string | null | undefined;
}

const keys = {
  customerId: 'onramp_customer_id',
  serviceName: 'onramp_service_name',
  referral: 'onramp_referral',
  source: 'onramp_referral_source',
  landedAt: 'onramp_landed_at',
};

/**
 * The order's context as flat texts: Stripe's metadata takes no others, at most 50 keys of 40 and values of 500
 * characters (https://docs.stripe.com/metadata); Paddle's custom data takes any JSON.
 * @throws TypeError without a customer id, which would make all your customers one
 */
export function toMetadata({ customerId, serviceName, referral }: OrderContext): Record<string, string> {
  const customer = toName(customerId);
  if (customer === undefined) {
    throw new TypeError('toMetadata: customerId has to be your own id of the customer, a text or a number.');
  }
  const checked = checkReferral(typeof referral === 'string' ? parseJson(referral) : referral);
  return {
    [keys.customerId]: customer,
    ...(serviceName && { [keys.serviceName]: serviceName }),
    ...(checked && {
      [keys.referral]: checked.id,
      [keys.source]: checked.source,
      [keys.landedAt]: String(checked.landedAt),
    }),
  };
}

export interface KnownContext {
  customerId: string | undefined;
  serviceName: string | undefined;
  referral: Referral | undefined;
}

/** What `toMetadata` wrote, from the first of these objects that has it, each by itself. */
export function readMetadata(...sources: readonly unknown[]): KnownContext {
  const first = <Value>(readOne: (source: unknown) => Value | undefined) =>
    sources.map(readOne).find((value) => value !== undefined);
  return {
    customerId: first((source) => toName(read(source, keys.customerId))),
    serviceName: first((source) => readText(source, keys.serviceName)),
    referral: first((source) =>
      checkReferral({
        id: read(source, keys.referral),
        source: read(source, keys.source),
        landedAt: Number(read(source, keys.landedAt)),
      }),
    ),
  };
}

/** A referral that the marketplace will take, from whatever a browser sent; undefined for anything else. */
export function checkReferral(value: unknown): Referral | undefined {
  const id = readText(value, 'id')?.trim();
  const source = referralSources.find((known: ReferralSource) => known === read(value, 'source'));
  const landedAt = readNumber(value, 'landedAt');
  if (!id || lengthOf(id) > maxReferralLength || !source || landedAt === undefined) return undefined;
  return { id, source, landedAt };
}

function toName(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  return isTemplateLeftover(text) || lengthOf(text) > maxNameLength ? undefined : text;
}
