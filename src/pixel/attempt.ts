/**
 * The call's result, or undefined when it throws. A browser throws where storage, cookies or beacons are
 * denied, and the page may have put anything in the place of a built-in.
 */
export const attempt = <Argument, Result>(
  call: (argument: Argument) => Result,
  argument?: Argument,
): Result | undefined => {
  try {
    return call(argument as Argument);
  } catch {}
};
