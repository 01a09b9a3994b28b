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
