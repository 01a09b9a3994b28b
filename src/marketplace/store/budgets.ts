/** Budgets that several instances take from. */
export interface SharedBudgets {
  /**
   * Takes from what the name has left, up to as many as wanted.
   *
   * @returns how many it got, and in how many milliseconds there is one where it got none
   */
  take(request: BudgetRequest): Promise<{ granted: number; waitMs: number }>;
}

export interface BudgetRequest {
  name: string;
  /** What the budget gives at once, and again over each minute; more than 0. */
  perMinute: number;
  wanted: number;
  now: number;
}

export const minuteMs = 60_000;
/** Of a millisecond: what a number can tell apart among today's times (2^41 ms and above), so that sums are exact. */
const ticks = 2 ** 11;

export interface CellRateRequest {
  /** When all that was taken has come back, in epoch milliseconds; undefined where nothing was taken. */
  fullAt: number | undefined;
  now: number;
  /** More than 0. */
  perMinute: number;
  wanted: number;
}

/**
 * What a budget gives: so many at once, and as many again over each minute, without steps (the generic cell rate
 * algorithm, https://www.itu.int/rec/T-REC-I.371). It needs one number: the time at which all that was taken has come
 * back.
 *
 * @returns how many it gives, what becomes of its number, and in how many milliseconds there is one where it gives none
 */
export function takeCells({ fullAt, now, perMinute, wanted }: CellRateRequest) {
  // Rounded down, lest the last one of a minute's doesn't fit.
  const intervalMs = Math.max(1, Math.floor((minuteMs / perMinute) * ticks)) / ticks;
  // Where the clock was set back, nobody owes more than a whole budget.
  const from = Math.min(Math.max(fullAt ?? now, now), now + minuteMs);
  const left = now + minuteMs - from;
  const granted = Math.min(wanted, Math.floor(left / intervalMs));
  return { granted, fullAt: from + granted * intervalMs, waitMs: granted > 0 ? 0 : intervalMs - left };
}
