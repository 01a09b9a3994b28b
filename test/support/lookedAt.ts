/**
 * In which looks axe judges a page: each scheme and each width once. What depends on both together is seen in the pictures
 * of browser/looks.spec.ts.
 */
export const lookedAt = [
  ['light', 320],
  ['dark', 1280],
] as const;
