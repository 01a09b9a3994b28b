/**
 * The call's result, or undefined when it throws. A browser throws where storage, cookies or beacons are denied, and
 * the page may have put anything in the place of a built-in.
 */
export const attempt = <Result>(call: () => Result): Result | undefined => {
  try {
    return call();
  } catch {}
};

/** Says in the console what a provider has to mend. */
export const warn = (what: unknown): void => attempt(() => console.error('onramp: ' + what));
