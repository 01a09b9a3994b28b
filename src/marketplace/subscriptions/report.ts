import { maxNameLength, maxPartnerKeyLength } from '../../wire/fields.ts';
import type { FieldError } from '../../wire/problem.ts';
import {
  earliestExpiryMs,
  earliestPeriod,
  expiryEndMs,
  isPeriod,
  periodAt,
  type ReportField,
} from '../../wire/subscription.ts';
import { toComparedText } from '../../wire/text.ts';
import { parseTime } from '../../wire/time.ts';
import {
  createFieldReader,
  type Field,
  type FieldReader,
  type Fields,
  isAbsent,
  parsed,
  type Rule,
  text,
  truth,
  type ValueOf,
} from '../http/fields.ts';
import { redact } from '../providers/secret.ts';
import type { Report } from '../store/subscriptions.ts';
import { parseCount } from './count.ts';

export interface CheckedReport {
  /** Undefined when it is missing or wrong; there is an error then. */
  providerkey: string | undefined;
  /** Every element that refuses the report. */
  errors: readonly FieldError[];
  /** Elements that were left out. */
  ignored: readonly ReportField[];
  /** To be used only where there are no errors. */
  report: Report;
  /** The period as it was sent; the month of receipt stands in where it is missing. */
  sentPeriod: string | undefined;
}

/** Checks a report that arrived at that time, in epoch milliseconds. */
export function checkReport(fields: Fields, receivedAt: number): CheckedReport {
  const reader = createFieldReader<ReportValues>(fields, reportElements);
  // Kept as they are compared, so that a customer has one subscription however its id was composed.
  const coid = toComparedText(reader.required('coid') ?? '');
  const expired = reader.required('expired');
  const expiredDate = readExpiredDate(reader, fields, expired);
  const sku = toComparedText(reader.required('sku') ?? '');
  const count = reader.checked('count');
  const providerkey = reader.required('providerkey');
  const sentPeriod = readPeriod(reader, receivedAt);
  const period = sentPeriod ?? periodAt(receivedAt);
  const report = { coid, sku, period, expired: expired === true, expiredDate, count };
  return { providerkey, errors: reader.errors, ignored: reader.ignored, report, sentPeriod };
}

/**
 * The date that a termination needs. Beside `expired: false` it says nothing that could be kept: callers who always
 * fill the element in would otherwise end what goes on.
 */
function readExpiredDate(
  reader: FieldReader<ReportValues>,
  fields: Fields,
  expired: boolean | undefined,
): number | undefined {
  const isMissing = isAbsent(fields['expired-date']);
  if (expired && isMissing) reader.fail('expired-date', 'required', 'is required when expired is true');
  if (expired) return reader.checked('expired-date');
  if (expired === false && !isMissing) reader.ignored.push('expired-date');
  return undefined;
}

function readPeriod(reader: FieldReader<ReportValues>, receivedAt: number): string | undefined {
  const period = reader.checked('period');
  if (period === undefined) return undefined;
  const latest = periodAt(receivedAt, 1);
  if (period >= earliestPeriod && period <= latest) return period;
  const detail = `must lie between ${earliestPeriod} and ${latest}, the month after the current one`;
  reader.fail('period', 'out_of_range', detail);
  return undefined;
}

/** Whoever writes the secret here by mistake must not find it in lists and bills for ever. */
const withoutSecret: Rule<string> = {
  code: 'secret',
  holds: (value) => redact(value) === value,
  detail: () => 'must not hold a secret, which belongs into providerkey',
};

const inThisCentury: Rule<number> = {
  code: 'out_of_range',
  holds: (time) => time >= earliestExpiryMs && time < expiryEndMs,
  detail: () => 'must lie between 2000 and 2100; a number means milliseconds',
};

/** The elements of a report. Times come out in epoch milliseconds, counts as decimal text. */
export const reportElements = {
  coid: text(maxNameLength, { rules: [withoutSecret] }),
  expired: truth(),
  'expired-date': parsed(
    parseTime,
    'must be an ISO 8601 date or date-time, for example 2017-03-01, or epoch milliseconds',
    { rules: [inThisCentury] },
  ),
  sku: text(maxNameLength, { rules: [withoutSecret] }),
  count: parsed(
    parseCount,
    'must be a number of 0 or more, of at most 15 digits before the point and 9 after it, for example 12.5',
  ),
  providerkey: text(maxPartnerKeyLength),
  period: parsed((value) => {
    const month = String(value);
    return isPeriod(month) ? month : undefined;
  }, 'must be a month as YYYY-MM, for example 2017-03'),
} satisfies Record<ReportField, Field<unknown>>;
export type ReportValues = { [Name in ReportField]: ValueOf<(typeof reportElements)[Name]> };
