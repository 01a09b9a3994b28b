import { type Html, html } from './html.ts';

/** What a page with charts loads beside the frame. */
export const chartModule = 'pages/browser/chart.js';
export const chartStyles = ['uplot/uPlot.css', 'pages/browser/chart.css'];

export interface ChartParts {
  /** Of the figure, so that links can lead to it. */
  id: string;
  /** What the chart shows, in a sentence: of figure and table alike. */
  caption: string;
  /** What its table calls the times. */
  timeHeading: string;
  /** At most as many as there are colours. */
  series: readonly ChartSeries[];
  rows: readonly ChartRow[];
}

export interface ChartSeries {
  name: Html | string;
  /** As against the others, which it is compared with. */
  isDashed?: boolean;
}

export interface ChartRow {
  /** A day, YYYY-MM-DD. */
  day: string;
  /** How the table names it. */
  name: Html | string;
  /** One for each series; undefined where there is none, of days to come for example. */
  values: readonly (ChartValue | undefined)[];
}

export interface ChartValue {
  value: number;
  /** As it is shown, exactly. */
  text: string;
}

/** How many series there are colours for. */
export const maxSeries = 6;

/**
 * A chart: a figure with its caption, its legend and the table that it is drawn from (browser/chart.js), so that nothing
 * is lost to who can't see it or runs no script.
 */
export function chart({ id, caption, timeHeading, series, rows }: ChartParts): Html {
  return html`<figure class="chart" id="${id}" data-chart>
<figcaption id="${id}-caption">${caption}</figcaption>
${series.length > 1 && legend(series)}
<div class="plot" aria-hidden="true"></div>
<details>
<summary>The numbers</summary>
<div class="scroll" role="region" aria-labelledby="${id}-caption" tabindex="0">
<table>
<caption class="unseen">${caption}</caption>
<thead><tr><th scope="col">${timeHeading}</th>${series.map(
    ({ name, isDashed }) =>
      html`<th scope="col" class="number"${isDashed && html` data-dashed`}>${name}</th>`,
  )}</tr></thead>
<tbody>
${rows.map((row) => rowOf(row))}</tbody>
</table>
</div>
</details>
</figure>`;
}

function rowOf({ day, name, values }: ChartRow): Html {
  const cells = values.map((value) =>
    value === undefined
      ? html`<td class="number">–</td>`
      : html`<td class="number" data-value="${value.value}">${value.text}</td>`,
  );
  return html`<tr data-day="${day}"><th scope="row">${name}</th>${cells}</tr>
`;
}

/** Line and name of each: dashes, too, since not all see colours. */
function legend(series: readonly ChartSeries[]): Html {
  return html`<ul class="legend">${series.map(
    ({ name, isDashed }, index) =>
      html`<li><svg width="24" height="8" aria-hidden="true"><line x1="1" y1="4" x2="23" y2="4" class="series-${
        index + 1
      }${isDashed && ' dashed'}"/></svg> ${name}</li>`,
  )}</ul>`;
}
