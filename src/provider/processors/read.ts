/**
 * What stands at a path of JSON that others made: undefined where the path ends before. A processor's objects differ
 * from one version of its API to the next, so nothing is taken for granted.
 */
export function read(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

/** The text that stands there; undefined for anything else, and for an empty one. */
export function readText(value: unknown, ...path: readonly string[]): string | undefined {
  const found = read(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The number that stands there; undefined for anything else, and for one that isn't finite. */
export function readNumber(value: unknown, ...path: readonly string[]): number | undefined {
  const found = read(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** The id that stands there, by itself or in the whole object that a caller had expanded. */
export function readId(value: unknown, ...path: readonly string[]): string | undefined {
  return readText(value, ...path) ?? readText(value, ...path, 'id');
}
