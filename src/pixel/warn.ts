/** Says in the console what a provider has to mend. */
export const warn = (what: unknown): void => console.error('onramp: ' + what);
