/**
 * Whether the client would rather have CSV than JSON, by its Accept header (RFC 9110, 12.5.1): a type's weight is that
 * of the most specific range that fits it. Where both weigh the same, CSV has to be named and JSON not.
 */
export function prefersCsv(accept: string | undefined): boolean {
  const ranges = (accept ?? '').split(',').map(parseRange);
  const csv = weigh(ranges, 'text/csv');
  const json = weigh(ranges, 'application/json');
  return csv.weight > json.weight || (csv.weight > 0 && csv.weight === json.weight && csv.rank > json.rank);
}

interface Range {
  name: string;
  weight: number;
}

function parseRange(text: string): Range {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '');
  return { name, weight: weight === undefined ? 1 : Number(weight) || 0 };
}

function weigh(ranges: readonly Range[], type: string) {
  const fitting = ['*/*', type.replace(/\/.*/, '/*'), type];
  const found = ranges
    .map(({ name, weight }) => ({ weight, rank: fitting.indexOf(name) }))
    .filter(({ rank }) => rank >= 0)
    .sort((one, other) => other.rank - one.rank);
  return found[0] ?? { weight: 0, rank: -1 };
}
