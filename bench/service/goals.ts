/** Requests a second, as a share of what the bare server answers. */
export const goalOfBare = 0.6;
/** Requests a second with the largest ledger, as a share of those with the smallest. */
export const goalOfSmallest = 0.9;
