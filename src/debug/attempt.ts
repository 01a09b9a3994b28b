/**
 * The call's result, or undefined when it throws: a browser throws where storage or cookies are denied, the page may
 * have broken any built-in, and a panel that is there to help may not add an error to a page in trouble.
 */
export function attempt<Result>(call: () => Result): Result | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
