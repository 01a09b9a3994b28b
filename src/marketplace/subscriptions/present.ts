import { formatTime } from '../../wire/time.ts';
import type { ReportRow, SubscriptionRow } from '../store/subscriptions.ts';

/** A report by the names of the wire; what it lacks is left out. */
export function presentReport(row: ReportRow) {
  const { id, partnerKey, coid, sku, period, expired, expiredDate, count, counted, receivedAt } = row;
  return {
    id,
    partnerKey,
    coid,
    sku,
    period,
    expired,
    ...(expiredDate !== undefined && { 'expired-date': formatTime(expiredDate) }),
    ...(count !== undefined && { count }),
    counted,
    receivedAt: formatTime(receivedAt),
  };
}

/** Whether the subscription goes on, as a report says. */
export function presentState({ expired, expiredDate }: Pick<ReportRow, 'expired' | 'expiredDate'>) {
  return {
    status: expired ? 'terminated' : 'active',
    ...(expiredDate !== undefined && { expiredDate: formatTime(expiredDate) }),
  };
}

export function presentSubscription({ id, partnerKey, coid, sku, last, usage }: SubscriptionRow) {
  return {
    id,
    partnerKey,
    coid,
    sku,
    ...presentState(last),
    usage: usage.map(({ period, reports, last: { countThen, receivedAt } }) => ({
      period,
      ...(countThen !== undefined && { count: countThen }),
      reports,
      receivedAt: formatTime(receivedAt),
    })),
    lastReport: presentReport(last),
  };
}
