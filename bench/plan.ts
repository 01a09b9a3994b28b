/** How often each thing is measured. */
export interface Plan {
  /** Fresh pages for each script's speed. */
  speedRounds: number;
  /** The same for each burden of a site. */
  burdenedRounds: number;
  /** Visits for each script and scenario. */
  deliveryRuns: number;
}

/** 4 n + 1, so that the median and the quartiles are measured values; as many as fit into twenty minutes. */
export const full: Plan = { speedRounds: 9, burdenedRounds: 5, deliveryRuns: 5 };
export const quick: Plan = { speedRounds: 3, burdenedRounds: 1, deliveryRuns: 1 };
