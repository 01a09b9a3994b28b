import { type Level, levels } from '../../wire/fields.ts';

/** True when the first level is strictly stronger than the second. */
export function isStronger(level: Level, than: Level): boolean {
  return levels.indexOf(level) > levels.indexOf(than);
}
