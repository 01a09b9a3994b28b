/** Worst first: it costs purchases or referrals; it may; it is good to know. */
export const severities = ['problem', 'check', 'note'] as const;
export type Severity = (typeof severities)[number];

/** Something that the reader may have to do something about. */
export interface Finding {
  severity: Severity;
  /** What is so, in a sentence without a point. */
  title: string;
  /** What to do about it, in sentences. */
  advice: string;
}

export function problem(title: string, advice: string): Finding {
  return { severity: 'problem', title, advice };
}

export function check(title: string, advice: string): Finding {
  return { severity: 'check', title, advice };
}

export function note(title: string, advice: string): Finding {
  return { severity: 'note', title, advice };
}

/** Worst first, and of those with the same title the last: who speaks later knows more. */
export function gather(findings: readonly Finding[]): Finding[] {
  const byTitle = new Map(findings.map((finding) => [finding.title, finding]));
  return severities.flatMap((severity) =>
    [...byTitle.values()].filter((finding) => finding.severity === severity),
  );
}

const shortTime = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' });

/** In the reader's own zone: 2026-11-24 14:03. */
export function timeOf(ms: number): string {
  return Number.isNaN(new Date(ms).getTime()) ? 'an invalid time' : shortTime.format(ms);
}

/** So coarse that it seldom changes: a text that ticks is hard to read, to select and to listen to. */
export function durationOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return count(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? count(hours, 'hour') : count(Math.floor(hours / 24), 'day');
}

export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

const maxQuoteLength = 60;

/** What somebody has written, where it is too long to be shown in full. */
export function shorten(text: string): string {
  return text.length > maxQuoteLength ? `${text.slice(0, maxQuoteLength)}…` : text;
}

/** Of the known names the one that somebody may have meant by another, if it comes close. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = lettersOf(name);
  const distances = known.map((other) => [other, distance(plain, lettersOf(other))] as const);
  const [other, steps] = distances.reduce((best, next) => (next[1] < best[1] ? next : best));
  // One letter in four may be wrong, so that data-id or data-src stays another tool's.
  return steps <= Math.min(2, Math.floor(other.length / 4)) ? other : undefined;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
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
