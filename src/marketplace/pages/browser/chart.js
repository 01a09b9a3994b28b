// Draws each chart from its table, in the colours of the style sheet, and draws it anew where these or its width change.
import uPlot from '../../uplot/uPlot.js';

const daySeconds = 86_400;
/** Of the page's letters, as all sizes here. */
const heightRem = 15;
/** Shown where no other colour is to be had. */
const fallbackColour = '#566072';

/** Between the lines of the scale, since nobody buys half a time. */
const wholeSteps = Array.from({ length: 16 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

/**
 * @typedef {object} Drawn
 * @property {uPlot} plot
 * @property {ResizeObserver} observer
 */

/** @type {Map<Element, Drawn>} */
const drawn = new Map();

/** Draws all charts of the page that aren't drawn; to be called again where a part of the page was replaced. */
export function drawCharts() {
  for (const [figure, { plot, observer }] of drawn) {
    if (figure.isConnected) continue;
    observer.disconnect();
    plot.destroy();
    drawn.delete(figure);
  }
  for (const figure of document.querySelectorAll('[data-chart]')) {
    if (!drawn.has(figure)) draw(figure);
  }
}

/** @param {Element} figure */
function draw(figure) {
  const place = figure.querySelector('.plot');
  const table = readTable(figure);
  if (!(place instanceof HTMLElement) || table.days.length === 0) return;
  place.replaceChildren();
  // Measured once it is not empty: an empty one takes no room, for who runs no script.
  place.append(document.createElement('div'));
  const point = document.createElement('p');
  point.className = 'point';
  const plot = new uPlot(optionsFor(table, place.clientWidth, point), table.data, place);
  place.firstElementChild?.remove();
  place.append(point);
  plot.over.addEventListener('click', () => follow(figure, plot.cursor.idx));
  const observer = new ResizeObserver(() => {
    if (place.clientWidth > 0) plot.setSize({ width: place.clientWidth, height: toPixels(heightRem) });
  });
  observer.observe(place);
  drawn.set(figure, { plot, observer });
}

/**
 * To where the table leads from there, if anywhere.
 *
 * @param {Element} figure
 * @param {number | null | undefined} index
 */
function follow(figure, index) {
  const row = index == null ? undefined : figure.querySelectorAll('tbody tr[data-day]')[index];
  row?.querySelector('a')?.click();
}

/**
 * @typedef {object} Table
 * @property {string[]} days as the table names them
 * @property {{name: string, isDashed: boolean, texts: string[]}[]} series
 * @property {uPlot.AlignedData} data
 */

/**
 * @param {Element} figure
 * @returns {Table}
 */
function readTable(figure) {
  const rows = [...figure.querySelectorAll('tbody tr[data-day]')];
  const headings = [...figure.querySelectorAll('thead th')].slice(1);
  /** @param {number} column */
  const cellsOf = (column) => rows.map((row) => row.querySelectorAll('td')[column]);
  // In UTC, as the axis is, so that a day is the same day wherever the reader is.
  const times = rows.map((row) => Date.parse(`${row.getAttribute('data-day')}T00:00:00Z`) / 1_000);
  const values = headings.map((_heading, column) =>
    cellsOf(column).map((cell) => (cell?.dataset.value === undefined ? null : Number(cell.dataset.value))),
  );
  return {
    days: rows.map((row) => row.querySelector('th')?.textContent ?? ''),
    series: headings.map((heading, column) => ({
      name: heading.textContent ?? '',
      isDashed: heading.hasAttribute('data-dashed'),
      texts: cellsOf(column).map((cell) => cell?.textContent ?? ''),
    })),
    data: [times, ...values],
  };
}

/** @param {number} rem */
function toPixels(rem) {
  return Math.round(rem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
}

/** @param {string} name */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || fallbackColour;
}

/**
 * @param {Table} table
 * @param {number} width
 * @param {HTMLElement} point says what the pointer is at
 * @returns {uPlot.Options}
 */
function optionsFor(table, width, point) {
  const isShort = table.days.length <= 31;
  /** @type {Pick<uPlot.Axis, 'stroke' | 'font' | 'ticks'>} */
  const axis = {
    stroke: () => colour('--muted'),
    font: `${toPixels(0.75)}px system-ui, sans-serif`,
    ticks: { show: false },
  };
  return {
    width,
    height: toPixels(heightRem),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    scales: { y: { range: (_plot, least, most) => rangeOf(least, most) } },
    axes: [
      {
        ...axis,
        space: toPixels(4),
        size: toPixels(2.5),
        grid: { show: false },
        incrs: [1, 2, 7, 14, 30, 90, 180, 365, 730].map((days) => days * daySeconds),
        values: (_plot, times) => times.map(sayDay),
      },
      {
        ...axis,
        size: toPixels(3.5),
        space: toPixels(2.25),
        incrs: wholeSteps,
        grid: { stroke: () => colour('--faint'), width: 1 },
        values: (_plot, values) => values.map(sayShortly),
      },
    ],
    series: [
      {},
      ...table.series.map(({ name, isDashed }, index) => ({
        label: name,
        stroke: () => colour(`--chart-${index + 1}`),
        width: toPixels(0.125),
        ...(isDashed && { dash: [4, 3] }),
        points: { show: isShort && !isDashed, size: 5 },
      })),
    ],
    hooks: {
      setCursor: [
        ({ cursor }) => {
          const { idx } = cursor;
          point.textContent = idx == null ? '' : sayPoint(table, idx);
        },
      ],
    },
  };
}

/**
 * From zero, and above the highest, so that counts can be compared.
 *
 * @param {number | null} least
 * @param {number | null} most
 * @returns {[number, number]}
 */
function rangeOf(least, most) {
  const low = Math.min(0, least ?? 0);
  const high = Math.max(low === 0 ? 4 : 0, most ?? 0);
  const room = (high - low) * 0.08;
  return [low < 0 ? low - room : 0, high + room];
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const shortFormat = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** @param {number} seconds */
function sayDay(seconds) {
  return dayFormat.format(seconds * 1_000);
}

/** @param {number} value */
function sayShortly(value) {
  return shortFormat.format(value);
}

/**
 * @param {Table} table
 * @param {number} index
 */
function sayPoint({ days, series }, index) {
  const values = series.map(({ name, texts }) => `${name}: ${texts[index] ?? '–'}`);
  return [days[index], ...values].join(' · ');
}

drawCharts();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const { plot } of drawn.values()) plot.redraw();
});
