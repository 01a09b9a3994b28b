import { check, type Finding, note } from '../finding.ts';
import { kebab, optionNames } from './options.ts';
import type { Tag } from './tag.ts';

const known = optionNames.map(kebab);
/** What a script element may have anyway. */
const usual =
  /^(src|async|defer|type|id|class|crossorigin|integrity|nonce|referrerpolicy|fetchpriority|charset)$/;

/** Names that the pixel does not read, but that someone may have meant it to. */
export function judgeSpelling({ attributes, parameters }: Tag): Finding[] {
  const written = attributes.filter((name) => !usual.test(name));
  const foreign = written.filter((name) => !known.some((option) => name === `data-${option}`));
  const typos = [
    ...foreign.flatMap((name) => meant(name, name.replace(/^data-/, ''), 'data-')),
    ...parameters.filter((name) => !known.includes(name)).flatMap((name) => meant(name, name, '')),
  ];
  const others = foreign.filter((name) => name.startsWith('data-') && nearest(name.slice(5)) === undefined);
  if (others.length === 0) return typos;
  return [
    ...typos,
    note(
      `The tag has attributes that are not the pixel's: ${others.join(', ')}`,
      'Other tools may use them; the pixel ignores them.',
    ),
  ];
}

function meant(written: string, name: string, prefix: string): Finding[] {
  const option = nearest(name);
  return option
    ? [check(`${written} is ignored. Did you mean ${prefix}${option}?`, 'Correct the name in the tag.')]
    : [];
}

/** The option that the name comes closest to, if it comes close. */
function nearest(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/[^a-z]/g, '');
  const distances = known.map((option) => [option, distance(plain, option.replace(/-/g, ''))] as const);
  const [option, steps] = distances.reduce((best, next) => (next[1] < best[1] ? next : best));
  // One letter in four may be wrong, so that data-id or data-src stays another tool's.
  return steps <= Math.min(2, Math.floor(option.length / 4)) ? option : undefined;
}

/** How many letters have to be put in, left out, changed or swapped with the next one. */
function distance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= one.length; row++) {
    rows.push([row]);
    for (let column = 1; column <= other.length; column++) {
      const changed = at(row - 1, column - 1) + Number(one[row - 1] !== other[column - 1]);
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const swapped = isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY;
      rows[row]?.push(Math.min(changed, swapped, at(row - 1, column) + 1, at(row, column - 1) + 1));
    }
  }
  return at(one.length, other.length);
}
