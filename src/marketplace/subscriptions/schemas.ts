import { z } from 'zod';
import { maxNameLength, maxPartnerKeyLength } from '../../wire/fields.ts';
import { parseAmount } from '../../wire/money.ts';
import { earliestExpiryMs, expiryEndMs, isPeriod, type ReportField } from '../../wire/subscription.ts';
import { parseTime } from '../../wire/time.ts';
import { parsed, text } from '../intake/values.ts';
import { redactSecrets } from '../providers/secret.ts';

/** Whoever writes the secret here by mistake must not find it in lists and bills for ever. */
const name = text(maxNameLength).refine((value) => redactSecrets(value) === value, {
  error: 'must not hold a secret, which belongs into providerkey',
  params: { code: 'secret' },
});

/** One schema an element of a report. Times come out in epoch milliseconds, counts as decimal text. */
export const schemas = {
  coid: name,
  expired: z
    .union([z.boolean(), z.string()], { error: 'must be true or false' })
    .transform((value) => String(value).trim().toLowerCase())
    .pipe(z.enum(['true', 'false'], { error: 'must be true or false' }))
    .transform((value) => value === 'true'),
  'expired-date': parsed(
    (value) => parseTime(typeof value === 'string' ? value.trim() : value),
    'must be an ISO 8601 date or date-time, for example 2017-03-01, or epoch milliseconds',
  ).refine((time) => time >= earliestExpiryMs && time < expiryEndMs, {
    error: 'must lie between 2000 and 2100; a number means milliseconds',
    params: { code: 'out_of_range' },
  }),
  sku: name,
  count: parsed(
    parseAmount,
    'must be a number of 0 or more, of at most 15 digits before the point and 9 after it, for example 12.5',
  ),
  providerkey: text(maxPartnerKeyLength),
  period: parsed((value) => {
    const month = String(value).trim();
    return isPeriod(month) ? month : undefined;
  }, 'must be a month as YYYY-MM, for example 2017-03'),
} satisfies Record<ReportField, z.ZodType>;
export type ReportValues = { [Name in ReportField]: z.output<(typeof schemas)[Name]> };
