/** CSV by RFC 4180, read plainly: the first line has the names of the columns. */
export function parseCsv(text: string) {
  const [names = [], ...lines] = readLines(text.replace(/^\uFEFF/, ''));
  for (const line of lines) {
    if (line.length !== names.length) throw new Error(`${line.length} cells under ${names.length} names.`);
  }
  const rows = lines.map((line) => Object.fromEntries(names.map((name, index) => [name, line[index] ?? ''])));
  return { names, rows };
}

function readLines(text: string): string[][] {
  const cells = [...text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)];
  if (cells.map(([whole]) => whole).join('') !== text) throw new Error('It is no CSV.');
  const lines: string[][] = [[]];
  for (const [, cell = '', end] of cells) {
    lines.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '\r\n') lines.push([]);
  }
  return lines.slice(0, -1);
}
