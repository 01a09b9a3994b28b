import { attempt } from './attempt.ts';

/** Says in the console what a provider has to mend. */
export const warn = (what: unknown): void => attempt(() => console.error('onramp: ' + what));
