import { z } from 'zod';
import {
  events,
  maxNameLength,
  maxPageLength,
  maxPartnerKeyLength,
  maxReferralLength,
  referralSources,
  type TrackingField,
} from '../../wire/fields.ts';
import { parseAmount, parseCurrency } from '../../wire/money.ts';
import { isTemplateLeftover, lengthOf, toStoredText } from '../../wire/text.ts';
import { parseTime } from '../../wire/time.ts';
import { parsed, text } from './values.ts';

/** A name or id, by which others are told apart: of a template that wasn't filled in, all would be one. */
const name = text(maxNameLength).refine((value) => !isTemplateLeftover(value), {
  error: ({ input }) =>
    `is ${JSON.stringify(input)}: a template that was not filled in, put the real value there`,
  params: { code: 'not_filled_in' },
});

/** One schema a field, so that the wrong ones can be left out by themselves. Times come out in epoch ms. */
export const schemas = {
  partnerKey: text(maxPartnerKeyLength).refine((key) => /^[A-Za-z0-9_-]*$/.test(key), {
    error: 'must consist of letters, digits, "_" and "-"',
    params: { code: 'invalid' },
  }),
  event: z.enum(events, { error: `must be one of ${events.join(', ')}` }),
  serviceName: name,
  customerId: name.describe("the customer, by the provider's own id"),
  orderId: name.describe('makes the purchase the same one from wherever it is reported'),
  purchasedAt: parsed(
    parseTime,
    'must be an ISO 8601 date or date-time, for example 2017-03-01T10:00:00Z, or epoch milliseconds',
  ),
  clock: parsed(epochMs, 'must be epoch milliseconds').describe(
    "the sender's time as it sends, in epoch milliseconds, where it stamped purchasedAt itself",
  ),
  amount: parsed(parseAmount, 'must be a decimal number of major units, for example 49.90'),
  currency: parsed((value) => parseCurrency(String(value)), 'must be an ISO 4217 code, for example USD'),
  referral: text(maxReferralLength),
  referralSource: z.enum(referralSources, { error: `must be one of ${referralSources.join(', ')}` }),
  landedAt: parsed(epochMs, 'must be epoch milliseconds'),
  page: parsed(pageAddress, 'must be an http or https address').refine(
    (page) => lengthOf(page) <= maxPageLength,
    { error: `must not be longer than ${maxPageLength} characters`, params: { code: 'too_long' } },
  ),
  // What isn't even text fails as a signature, and is never taken as none.
  sig: z.string().catch('').describe('a signature: kid.ts.mac'),
} satisfies Record<TrackingField, z.ZodType>;
export type TrackingValues = { [Name in TrackingField]: z.output<(typeof schemas)[Name]> };

function epochMs(value: string | number): number | undefined {
  return /^\d{1,16}$/.test(String(value)) ? parseTime(value) : undefined;
}

/** Origin and path: a query or a fragment may hold what is nobody's business. */
function pageAddress(value: string | number): string | undefined {
  const url = URL.parse(toStoredText(String(value)));
  return url && /^https?:$/.test(url.protocol) ? url.origin + url.pathname : undefined;
}
