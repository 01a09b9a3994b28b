/** How often each thing is measured. */
export interface Plan {
  /** Fresh pages for each script's speed. */
  speedRounds: number;
  /** Visits for each script and scenario. */
  deliveryRuns: number;
}

/** Odd, so that the median is a measured value; as many as fit into eight minutes. */
export const full: Plan = { speedRounds: 9, deliveryRuns: 5 };
export const quick: Plan = { speedRounds: 3, deliveryRuns: 1 };
