import { parseTime } from '../../wire/time.ts';
import { read } from './read.ts';

/** By the API's name, else by the one of Paddle's library. */
export function field(value: unknown, ...path: readonly string[]): unknown {
  const inLibrary = path.map((name) => name.replace(/_[a-z]/g, ([, letter = '']) => letter.toUpperCase()));
  return read(value, ...path) ?? read(value, ...inLibrary);
}

export function textOf(value: unknown, ...path: readonly string[]): string | undefined {
  const found = field(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** Paddle's amounts are whole minor units as text: https://developer.paddle.com/api-reference/about/data-types */
export function minorUnitsOf(value: unknown, ...path: readonly string[]): bigint | undefined {
  const text = textOf(value, ...path);
  return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : undefined;
}

/** Epoch milliseconds, from RFC 3339 with up to nine digits of a second. */
export function timeOf(value: unknown, name: string): number | undefined {
  const text = textOf(value, name);
  return text === undefined ? undefined : parseTime(text);
}
