import { escapeControls } from '../../../wire/text.ts';
import { type Html, html } from '../../pages/html.ts';
import { said } from '../../pages/said.ts';
import { capitalized } from '../words.ts';
import { periodNames } from './period.ts';
import { type Breakdown, breakdowns, type FiguresView, linkTo, parametersOf } from './view.ts';

export const breakdownWords: Readonly<Record<Breakdown, string>> = {
  partnerKey: 'provider',
  service: 'service',
  listing: 'listing',
  campaign: 'campaign',
};

const periodWords = {
  today: 'Today',
  yesterday: 'Yesterday',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
} as const;

/** What there is to choose from, as far as it is known; a filter that has no choices is entered. */
export interface Choices {
  by: readonly Breakdown[];
  providers: readonly { partnerKey: string; name: string }[];
}

/** Links and a form by which the view is changed: whatever is shown stays shown but for what is changed. */
export function controls(view: FiguresView, choices: Choices): Html {
  return html`<div class="controls">
<nav aria-label="Period"><ul class="tabs">
${periodNames.map(
  (name) =>
    html`<li><a href="${linkTo(view, { period: name })}"${view.period.name === name && html` aria-current="true"`}>${periodWords[name]}</a></li>\n`,
)}</ul></nav>
<details class="choose"${(view.period.name === undefined || view.problem !== undefined) && html` open`}>
<summary>Other days, filters and time zone</summary>
${form(view, choices)}
</details>
</div>
${chips(view, choices)}`;
}

function form(view: FiguresView, { by, providers }: Choices): Html {
  const { period, filters, zone, zoneIsChosen } = view;
  const own = period.name === undefined;
  const entered: readonly string[] = ['from', 'to', 'zone', ...breakdowns];
  const hidden = parametersOf(view).filter(([name]) => !entered.includes(name));
  return html`<form method="get" class="filters">
${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`)}${field('from', 'From', html`<input type="date" id="from" name="from" value="${own && period.first}">`)}
${field('to', 'To, this day too', html`<input type="date" id="to" name="to" value="${own && period.last}">`)}
${by
  .filter((name) => name !== 'partnerKey')
  .map((name) =>
    field(
      name,
      capitalized(breakdownWords[name]),
      html`<input type="text" id="${name}" name="${name}" value="${filters[name]}" maxlength="200" autocomplete="off">`,
    ),
  )}${
  by.includes('partnerKey') &&
  field(
    'partnerKey',
    'Provider',
    html`<select id="partnerKey" name="partnerKey"><option value="">All</option>${providers.map(
      ({ partnerKey, name }) =>
        html`<option value="${partnerKey}"${partnerKey === filters.partnerKey && html` selected`}>${escapeControls(name)}</option>`,
    )}</select>`,
  )
}
${field(
  'zone',
  'Time zone',
  html`<input type="text" id="zone" name="zone" value="${zoneIsChosen && zone}" placeholder="${zone}" maxlength="60"
autocomplete="off" spellcheck="false">`,
)}
<button>Show</button>
</form>`;
}

function field(name: string, label: string, control: Html): Html {
  return html`<div class="field"><label for="${name}">${label}</label>${control}</div>`;
}

/** What the view is filtered by, each with a link that ends it. */
function chips(view: FiguresView, { providers }: Choices): Html | undefined {
  const filters = breakdowns.flatMap((name) => {
    const value = view.filters[name];
    return value === undefined ? [] : [{ name, value }];
  });
  if (filters.length === 0) return undefined;
  return html`<ul class="chips" aria-label="Filters">${filters.map(({ name, value }) => {
    const known = name === 'partnerKey' && providers.find(({ partnerKey }) => partnerKey === value);
    return html`<li><span>${capitalized(breakdownWords[name])}: ${said(known ? known.name : value)}</span>
<a href="${linkTo(view, { filters: { [name]: undefined } })}" aria-label="Without the filter by ${breakdownWords[name]}">×</a></li>`;
  })}</ul>`;
}
