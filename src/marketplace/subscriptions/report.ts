import { earliestPeriod, periodAt, type ReportField } from '../../wire/subscription.ts';
import { createFieldReader, type FieldReader, type Fields, isAbsent } from '../intake/fields.ts';
import type { FieldError } from '../store/rejections.ts';
import type { Report } from '../store/subscriptions.ts';
import { type ReportValues, schemas } from './schemas.ts';

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
  const reader = createFieldReader<ReportValues>(fields, schemas);
  const coid = reader.required('coid') ?? '';
  const expired = reader.required('expired');
  const expiredDate = readExpiredDate(reader, fields, expired);
  const sku = reader.required('sku') ?? '';
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
