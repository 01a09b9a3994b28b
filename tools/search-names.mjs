/** Looks for names and an order that make a script smaller: see names.mjs. Run by `npm run build -- --names`. */
import { brotliCompressSync } from 'node:zlib';
import { createArranger } from './names.mjs';

/** @typedef {import('./names.mjs').Arrangement} Arrangement */

const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$'];
/** How many bytes worse a change may be at the start, now and then; nothing worse is kept in the end. */
const startTemperature = 0.6;

/** @param {string} code */
const sizeOf = (code) => brotliCompressSync(code).length;

/** @template T @param {ArrayLike<T>} list @returns {T} */
const anyOf = (list) => /** @type {T} */ (list[Math.floor(Math.random() * list.length)]);

/**
 * Changes one thing at random and keeps what is no larger; at first, now and then, also what is, to get out of dead
 * ends (simulated annealing).
 * @param {string} code
 * @param {Arrangement} start where it fits the code; else the search starts from the code's own
 * @param {number} rounds
 * @param {(size: number, best: Arrangement, round: number) => void} report called with every better one
 */
export function searchNames(code, start, rounds, report) {
  const { own, conflicts, arrange } = createArranger(code);
  let current = arrange(start) ? start : own;
  let size = sizeOf(arrange(current) ?? code);
  let best = size;
  report(best, current, 0);
  for (let round = 1; round <= rounds; round++) {
    const tried = change(current, conflicts);
    const text = arrange(tried);
    if (!text) continue;
    const triedSize = sizeOf(text);
    const temperature = startTemperature * (1 - round / rounds);
    if (triedSize > size && Math.random() > Math.exp((size - triedSize) / temperature) / 2) continue;
    current = tried;
    size = triedSize;
    if (size < best) {
      best = size;
      report(best, current, round);
    }
  }
}

/** @param {Arrangement} from @param {number[][]} conflicts @returns {Arrangement} */
function change({ names, order }, conflicts) {
  const chance = Math.random();
  if (chance < 0.1) return { names, order: moveOne(order) };
  return { names: chance < 0.7 ? changeOne(names, conflicts) : swapLetters(names), order };
}

/** @param {number[]} order */
function moveOne(order) {
  const one = anyOf(order);
  const moved = order.filter((index) => index !== one);
  moved.splice(Math.floor(Math.random() * order.length), 0, one);
  return moved;
}

/**
 * Gives one variable another's name, or any; who is in the way takes the old one.
 * @param {string[]} names @param {number[][]} conflicts
 */
function changeOne(names, conflicts) {
  const changed = [...names];
  const index = Math.floor(Math.random() * names.length);
  const before = names[index] ?? '';
  const after = anyOf(Math.random() < 0.6 ? names : letters);
  changed[index] = after;
  for (const other of conflicts[index] ?? []) if (changed[other] === after) changed[other] = before;
  return changed;
}

/** @param {string[]} names */
function swapLetters(names) {
  const [one, other] = [anyOf(names), anyOf(letters)];
  return names.map((name) => (name === one ? other : name === other ? one : name));
}
