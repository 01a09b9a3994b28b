import { type Html, html } from './html.ts';

export interface Column<Row> {
  heading: string;
  /** What stands in the row's cell. */
  cell: (row: Row) => Html | string | number | undefined;
  /** `name`: names the row; `number`: aligned by its digits. */
  kind?: 'name' | 'number';
}

export interface TableParts<Row> {
  /** Says what the rows are; always there, also for who can't see the headings around it. */
  caption: string;
  /** For the caption of a table whose heading says the same. */
  isCaptionUnseen?: boolean;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
}

/** A table, which scrolls by itself where the page is narrower than it. */
export function table<Row>({ caption, isCaptionUnseen, columns, rows }: TableParts<Row>): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table>
<caption${isCaptionUnseen && html` class="unseen"`}>${caption}</caption>
<thead><tr>${columns.map(({ heading, kind }) => html`<th scope="col"${classOf(kind)}>${heading}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${columns.map((column) => cellOf(column, row))}</tr>\n`)}</tbody>
</table>
</div>`;
}

function cellOf<Row>({ cell, kind }: Column<Row>, row: Row): Html {
  if (kind === 'name') return html`<th scope="row">${cell(row)}</th>`;
  return html`<td${classOf(kind)}>${cell(row)}</td>`;
}

function classOf(kind: Column<never>['kind']): Html | undefined {
  return kind === 'number' ? html` class="number"` : undefined;
}
