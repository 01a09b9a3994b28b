import type { FastifyRequest } from 'fastify';
import { badge, emptyState, notice, tiles } from '../../pages/blocks.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { momentText } from '../../pages/moment.ts';
import { type Column, table } from '../../pages/table.ts';
import { formatNumber, sayCount } from '../../pages/words.ts';
import type { RejectionRow } from '../../store/rejections.ts';
import type { Foreseen } from '../../tracking/replay.ts';
import { addressOf } from '../place.ts';
import { type Counts, countResults, replayResults, resultWords, sayCounts, whyForeseen } from './foreseen.ts';
import { shown } from './listPage.ts';
import { wordsFor } from './reasons.ts';

/** What is replayed together: refused for one reason, of one provider where one is named. */
export interface ReplayChoice {
  reason: string;
  partnerKey: string | undefined;
}

export interface ReplayPageParts {
  request: FastifyRequest;
  /** Paths of the area's lists. */
  path: string;
  purchases: string;
  zone: string;
  choice: ReplayChoice;
  /** The oldest of them, and what would become of each. */
  foreseen: readonly { rejection: RejectionRow; foreseen: Foreseen }[];
  /** Where they begin, behind that place in the list; undefined: with the oldest. */
  after: string | undefined;
  /** Whether there are more behind them. */
  hasMore: boolean;
  /** What the step before this one came to. */
  done: Counts | undefined;
}

const mostShown = 20;

/** What a replay would do, and the button that does it, some hundreds at a time. */
export function replayPage(parts: ReplayPageParts): Html {
  const { request, path, choice, foreseen, done } = parts;
  const { title, whatToDo } = wordsFor(choice.reason);
  const back = linkFrom(request.url, path);
  return html`<p class="small"><a href="${back}">All rejections</a></p>
<div class="head"><h1>Replay: ${title}</h1></div>
${done && notice('good', html`<p><strong>Replayed.</strong> ${sayCounts(done)}.</p>`)}
${
  foreseen.length === 0
    ? emptyState(
        done ? 'That was all' : 'Nothing to replay',
        html`<p>No${done && ' more'} messages wait for this reason. <a href="${back}">See what else was refused</a>.</p>`,
      )
    : preview(parts, whatToDo)
}`;
}

function preview(parts: ReplayPageParts, whatToDo: string): Html {
  const { request, path, foreseen, choice, after, hasMore } = parts;
  const counts = countResults(foreseen.map((one) => one.foreseen));
  const useful = foreseen.length - counts.refused - counts.not_replayable;
  const last = foreseen.at(-1)?.rejection.latestId ?? '';
  const skip = linkFrom(request.url, addressOf(`${path}/replay`, { ...choice, after: last }));
  return html`<p class="lead">This is what would happen now, to ${hasMore ? `the oldest ${formatNumber(foreseen.length)} of them` : 'all of them'}.
Nothing has been replayed yet. Each is judged anew, at the level it arrived with.</p>
${tiles(
  replayResults
    .filter((result) => counts[result] > 0)
    .map((result) => ({ label: resultWords[result].text, value: formatNumber(counts[result]) })),
)}
${
  useful === 0
    ? notice('wait', html`<p><strong>Nothing is mended yet.</strong> ${whatToDo}</p>`)
    : html`<form method="post" action="${linkFrom(request.url, `${path}/replay`)}" class="row replay">
<input type="hidden" name="reason" value="${choice.reason}">
${choice.partnerKey !== undefined && html`<input type="hidden" name="partnerKey" value="${choice.partnerKey}">`}
${after !== undefined && html`<input type="hidden" name="after" value="${after}">`}
<input type="hidden" name="last" value="${last}">
<button class="primary">Replay ${sayCount(foreseen.length, 'message')}</button>
</form>`
}
${hasMore && html`<p><a href="${skip}">Leave these, and see those after them</a></p>`}
${table({ caption: foreseen.length > mostShown ? `The oldest ${mostShown}` : 'One by one', columns: columnsOf(parts), rows: foreseen.slice(0, mostShown) })}`;
}

function columnsOf({
  request,
  path,
  purchases,
  zone,
}: ReplayPageParts): Column<ReplayPageParts['foreseen'][number]>[] {
  return [
    {
      heading: 'First seen',
      kind: 'name',
      cell: ({ rejection: { id, firstSeenAt } }) =>
        html`<a href="${linkFrom(request.url, `${path}/${id}`)}">${momentText(firstSeenAt, zone)}</a>`,
    },
    { heading: 'Customer', cell: ({ rejection }) => shown(rejection.payload.customerId) },
    { heading: 'Order', cell: ({ rejection }) => shown(rejection.payload.orderId) },
    {
      heading: 'Would be',
      cell: ({ foreseen: { result } }) => badge(resultWords[result].standing, resultWords[result].text),
    },
    { heading: 'Why', cell: ({ foreseen }) => whyForeseen(foreseen, request.url, purchases) },
  ];
}
