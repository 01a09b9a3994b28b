import type { FastifyRequest } from 'fastify';
import { parseTime } from '../../../wire/time.ts';
import { badge, notice } from '../../pages/blocks.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { momentText, secondText } from '../../pages/moment.ts';
import { said } from '../../pages/said.ts';
import { type Column, table } from '../../pages/table.ts';
import type { PageReader } from '../../signin/reader.ts';
import type { TrackingRow } from '../../store/trackings.ts';
import { presentTracking } from '../../tracking/present.ts';
import { addressOf } from '../place.ts';
import { allEvents, capitalized, eventNames, fieldName, levelNames, verdictNames } from '../words.ts';
import { money } from './details.ts';
import type { Story } from './story.ts';
import { type Moment, tellStory } from './timeline.ts';
import { explainTest, explainVerdict } from './verdict.ts';

export interface PurchasePageParts {
  request: FastifyRequest;
  /** Path of the area's list, `console/purchases`. */
  path: string;
  zone: string;
  reader: PageReader;
  story: Story;
}

/** One row: whether it counts as the marketplace's and why, what happened around it, and who said what. */
export function purchasePage(parts: PurchasePageParts): Html {
  const { request, path, story } = parts;
  const { row } = story;
  const { one, many } = eventNames[row.event];
  const list = linkFrom(request.url, addressOf(path, { event: row.event }));
  return html`<p class="small"><a href="${list}">All ${many}</a></p>
<div class="head"><h1>${titleOf(row)}</h1><p class="row">${badges(row)}</p></div>
${verdictNotice(story)}
${row.disputed && disputedNotice(row)}
<div class="columns">
<section class="card"><h2>What happened</h2>
<ol class="timeline">${tellStory(story, isOwnOf(parts.reader)).map((moment) => timelineItem(parts, moment))}</ol>
</section>
<section class="card"><h2>The ${one}</h2>
${facts(parts)}
</section>
</div>
${fieldsTable(row, parts.zone)}
${rivalsTable(parts)}`;
}

/** Whose links the reader may be told of. */
function isOwnOf(reader: PageReader): (partnerKey: string) => boolean {
  return reader.kind === 'operator' ? () => true : (key) => key === reader.provider.partnerKey;
}

export function titleOf({ event, orderId, customerId }: TrackingRow): Html {
  const name = capitalized(eventNames[event].one);
  if (orderId !== undefined) return html`${name} ${said(orderId)}`;
  return customerId === undefined ? html`${name}` : html`${name} of ${said(customerId)}`;
}

function badges(row: TrackingRow): Html {
  const { verdict, disputed, isTest, merged } = row;
  const { bot } = presentTracking(row);
  return html`${isTest ? badge('plain', 'Test') : verdict && badge(verdictNames[verdict].standing, verdictNames[verdict].text)}
${badge(merged.trust === 'unsigned' ? 'wait' : 'plain', `Believed: ${levelNames[merged.trust].text}`)}
${disputed && badge('bad', 'Disputed')}${bot && badge('plain', 'Bot')}`;
}

/** The answer to the question that most come with. */
function verdictNotice({ row, click, ofOrder }: Story): Html {
  const { verdict, listing, campaign, isByTestReferral, isTest, merged } = row;
  if (verdict === undefined) {
    const [paid] = ofOrder;
    return notice(
      'plain',
      html`<p>A refund has the verdict of what it refunds${paid === undefined && html`, which is not here yet`}.</p>`,
    );
  }
  const { referral, landedAt, purchasedAt } = merged.details;
  const isOwnClick = click?.partnerKey === row.partnerKey;
  const cameAt = isOwnClick ? click?.clickedAt : landedAt;
  const { why, whatToDo } = isByTestReferral
    ? explainTest(isTest)
    : explainVerdict({
        verdict,
        referral,
        listing,
        campaign,
        happenedAt: purchasedAt ?? row.receivedAt,
        cameAt,
      });
  const standing = isTest ? 'plain' : verdictNames[verdict].standing;
  return notice(standing, html`<p>${why}</p>${whatToDo && html`<p>${whatToDo}</p>`}`);
}

function disputedNotice({ orderId = '' }: TrackingRow): Html {
  return notice(
    'bad',
    html`<p><strong>Disputed.</strong> Pages that nobody can prove name different customers for order ${said(orderId)}. Each has a row of
its own until the provider’s server, with its secret or a signature, says whose it is.</p>`,
  );
}

function timelineItem({ request, path, zone }: PurchasePageParts, moment: Moment): Html {
  const { at, title, standing, trust, details, rowId } = moment;
  return html`<li class="${standing}"><p class="when">${secondText(at, zone)}</p>
<div><h3>${rowId === undefined ? title : html`<a href="${linkFrom(request.url, `${path}/${rowId}`)}">${title}</a>`}${
    trust && html` <span class="muted small">${levelNames[trust].text}</span>`
  }</h3>
${details && html`<p>${details}</p>`}</div></li>
`;
}

function facts({ story, zone, request, path }: PurchasePageParts): Html {
  const { row, providerName } = story;
  const { serviceName, customerId, refunded, merged, receivedAt, id, partnerKey } = row;
  const { amount, currency, purchasedAt, referral, page } = merged.details;
  const ofCustomer = linkFrom(request.url, addressOf(path, { customerId, event: allEvents }));
  const ofReferral = linkFrom(request.url, addressOf(path, { referral, event: allEvents }));
  const known: [string, Html | undefined][] = [
    ['When', purchasedAt === undefined ? undefined : momentText(purchasedAt, zone)],
    ['Amount', amount === undefined ? undefined : money(amount, currency)],
    ['Refunded', refunded && money(refunded.amount, refunded.currency)],
    ['Provider', html`${said(providerName)} <span class="muted">${said(partnerKey)}</span>`],
    ['Service', serviceName === undefined ? undefined : said(serviceName)],
    [
      'Customer',
      customerId === undefined ? undefined : html`<a href="${ofCustomer}">${said(customerId)}</a>`,
    ],
    [
      'Referral',
      referral === undefined
        ? undefined
        : html`<a href="${ofReferral}"><code class="id">${said(referral)}</code></a>`,
    ],
    ['Page', page === undefined ? undefined : said(page)],
    ['First received', momentText(receivedAt, zone)],
    ['Row', html`<code class="id">${id}</code>`],
  ];
  return html`<dl class="facts">${known
    .map(([name, value]) => value && html`<dt>${name}</dt><dd>${value}</dd>\n`)
    .filter((fact) => fact !== undefined)}</dl>`;
}

interface FieldRow {
  name: string;
  value: Html | undefined;
  note: string;
}

const times: readonly string[] = ['purchasedAt', 'landedAt'];

/** How far each field can be believed, and what was left out as it was sent. */
function fieldsTable(row: TrackingRow, zone: string): Html {
  const item = presentTracking(row);
  const values: Readonly<Record<string, unknown>> = item;
  const known = Object.entries(item.levels).map(([name, level]) => ({
    name,
    value: shownValue(name, values[name], zone),
    note: `${capitalized(levelNames[level].text)}: ${levelNames[level].why}`,
  }));
  const leftOut = Object.entries(item.ignored ?? {}).map(([name, value]) => ({
    name,
    value: said(value),
    note: 'Left out: it could not be read. The provider has to send it otherwise.',
  }));
  const columns: Column<FieldRow>[] = [
    { heading: 'Field', kind: 'name', cell: ({ name }) => capitalized(fieldName(name)) },
    { heading: 'As it was sent', cell: ({ value }) => value },
    { heading: 'How far it can be believed', cell: ({ note }) => note },
  ];
  return table({ caption: 'Field by field', columns, rows: [...known, ...leftOut] });
}

function shownValue(name: string, value: unknown, zone: string): Html | undefined {
  const time = times.includes(name) ? parseTime(String(value)) : undefined;
  if (time !== undefined) return secondText(time, zone);
  return value === undefined ? undefined : said(String(value));
}

function rivalsTable({ request, path, zone, story }: PurchasePageParts): Html | undefined {
  const { row, ofOrder } = story;
  if (!row.disputed || ofOrder.length === 0) return undefined;
  const columns: Column<TrackingRow>[] = [
    {
      heading: 'When',
      kind: 'name',
      cell: ({ id, merged, receivedAt }) =>
        html`<a href="${linkFrom(request.url, `${path}/${id}`)}">${momentText(merged.details.purchasedAt ?? receivedAt, zone)}</a>`,
    },
    { heading: 'Customer', cell: ({ customerId = '' }) => said(customerId) },
    {
      heading: 'Amount',
      kind: 'number',
      cell: ({ merged: { details } }) =>
        details.amount === undefined ? undefined : money(details.amount, details.currency),
    },
    { heading: 'Believed', cell: ({ merged }) => levelNames[merged.trust].text },
  ];
  return table({ caption: 'The order’s other rows', columns, rows: ofOrder });
}
