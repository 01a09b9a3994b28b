/** A table in Markdown; with `right`, all columns but the first are aligned there. */
export function renderTable(head: string[], rows: string[][], align?: 'right'): string {
  const rule = head.map((_, index) => (align && index ? '--:' : '---'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
