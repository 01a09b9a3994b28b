/** Looks for names that make a script smaller: see names.mjs. Run by `npm run build -- --names`. */
import { brotliCompressSync } from 'node:zlib';
import { createRenamer } from './names.mjs';

const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$'];

/** @param {string} code */
const sizeOf = (code) => brotliCompressSync(code).length;

/** @template T @param {ArrayLike<T>} list @returns {T} */
const anyOf = (list) => /** @type {T} */ (list[Math.floor(Math.random() * list.length)]);

/**
 * Changes names at random, one variable's or all that are called one of two letters, and keeps what is no
 * larger; now and then what is a byte larger, to get out of a dead end.
 * @param {string} code
 * @param {string[]} start the names to start from; other than the code's variables, the code's own
 * @param {number} rounds
 * @param {(size: number, names: string[], round: number) => void} report called with every better one
 */
export function searchNames(code, start, rounds, report) {
  const { names: own, conflicts, rename } = createRenamer(code);
  let names = rename(start) ? start : own;
  let size = sizeOf(rename(names) ?? code);
  let best = size;
  report(best, names, 0);
  for (let round = 1; round <= rounds; round++) {
    const tried = Math.random() < 0.6 ? changeOne(names, conflicts) : swapLetters(names);
    const renamed = rename(tried);
    if (!renamed) continue;
    const triedSize = sizeOf(renamed);
    const daring = Math.random() < 0.02 && triedSize <= best + 2;
    if (triedSize > size && !daring) continue;
    names = tried;
    size = triedSize;
    if (size < best) {
      best = size;
      report(best, names, round);
    }
  }
}

/**
 * Gives one variable another's name, or any; who is in the way takes the old one.
 * @param {string[]} names @param {number[][]} conflicts
 */
function changeOne(names, conflicts) {
  const changed = [...names];
  const index = Math.floor(Math.random() * names.length);
  const before = names[index] ?? '';
  const after = anyOf(Math.random() < 0.5 ? names : letters);
  changed[index] = after;
  for (const other of conflicts[index] ?? []) if (changed[other] === after) changed[other] = before;
  return changed;
}

/** @param {string[]} names */
function swapLetters(names) {
  const [one, other] = [anyOf(letters), anyOf(letters)];
  return names.map((name) => (name === one ? other : name === other ? one : name));
}
