/** A version by its parts: what breaks, what is new, what is mended. */
type Parts = readonly [major: number, minor: number, patch: number];

/** @throws Error that says what a version is */
function partsOf(version: string): Parts {
  const [, major, minor, patch] = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(version) ?? [];
  if (major === undefined) throw new Error(`${version} is no version: three numbers, as 1.2.3.`);
  return [Number(major), Number(minor), Number(patch)];
}

/**
 * Whether the version comes after the other.
 *
 * @throws Error when one of them is no version
 */
export function isNewer(version: string, other: string): boolean {
  const others = partsOf(other);
  const differences = partsOf(version).map((part, place) => part - (others[place] ?? 0));
  return (differences.find((difference) => difference !== 0) ?? 0) > 0;
}
