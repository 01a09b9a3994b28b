import type { FastifyRequest } from 'fastify';
import { notice, postButton } from '../../pages/blocks.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { secondText } from '../../pages/moment.ts';
import { said } from '../../pages/said.ts';
import { table } from '../../pages/table.ts';
import { sayCount } from '../../pages/words.ts';
import type { RejectionRow } from '../../store/rejections.ts';
import type { Foreseen } from '../../tracking/replay.ts';
import { capitalized, fieldName, levelNames, senderOf } from '../words.ts';
import { explainForeseen } from './foreseen.ts';
import { shown } from './listPage.ts';
import { wordsFor } from './reasons.ts';

export interface RejectionPageParts {
  request: FastifyRequest;
  /** Paths of the area's lists. */
  path: string;
  purchases: string;
  zone: string;
  rejection: RejectionRow;
  /** What a replay would do; undefined where the reader may not replay. */
  foreseen: Foreseen | undefined;
}

/** One rejection: why, what to change, what was sent, and what a replay would do now. */
export function rejectionPage(parts: RejectionPageParts): Html {
  const { request, path, rejection } = parts;
  const { reason, detail } = rejection;
  const { title, whatToDo } = wordsFor(reason);
  return html`<p class="small"><a href="${linkFrom(request.url, path)}">All rejections</a></p>
<div class="head"><h1>${title}</h1></div>
${notice('bad', html`<p>${said(detail)}</p><p>${whatToDo}</p>`)}
${replaySection(parts)}
<div class="columns">
<section class="card"><h2>The message</h2>
${facts(parts)}
</section>
${sentTable(rejection)}
</div>`;
}

function replaySection({
  request,
  path,
  purchases,
  rejection,
  foreseen,
}: RejectionPageParts): Html | undefined {
  if (!foreseen) return undefined;
  const isUseful = foreseen.result !== 'refused' && foreseen.result !== 'not_replayable';
  return html`<section class="card"><h2>Replayed now</h2>
<p>${explainForeseen(foreseen, request.url, purchases)}</p>
${isUseful && postButton({ action: linkFrom(request.url, `${path}/${rejection.id}/replay`), text: 'Replay it', kind: 'primary' })}
</section>`;
}

function facts({ rejection, zone }: RejectionPageParts): Html {
  const { status, reason, trust, via, count, firstSeenAt, lastSeenAt, partnerKey, payload, id } = rejection;
  const key = partnerKey ?? payload.partnerKey;
  return html`<dl class="facts">
<dt>Answered</dt><dd>${status} <code>${reason}</code></dd>
${key !== undefined && html`<dt>Partner key</dt><dd>${shown(key)}</dd>`}
<dt>Sent by</dt><dd>${capitalized(senderOf(trust, via))}</dd>
<dt>Believed</dt><dd>${capitalized(levelNames[trust].text)}: ${levelNames[trust].why}</dd>
<dt>Seen</dt><dd>${sayCount(count, 'time')}</dd>
<dt>First</dt><dd>${secondText(firstSeenAt, zone)}</dd>
<dt>Last</dt><dd>${secondText(lastSeenAt, zone)}</dd>
<dt>Rejection</dt><dd><code class="id">${id}</code></dd>
</dl>`;
}

interface Sent {
  name: string;
  value: unknown;
}

/** Field by field what was sent, with what is wrong with each. */
function sentTable({ payload, errors }: RejectionRow): Html {
  const missing = errors
    .map(({ pointer }) => pointer.slice(1))
    .filter((name) => name !== '' && !(name in payload));
  const rows: Sent[] = [
    ...Object.entries(payload).map(([name, value]) => ({ name, value })),
    ...missing.map((name) => ({ name, value: undefined })),
  ];
  const wrong = (name: string) =>
    errors.filter(({ pointer }) => pointer === `/${name}`).map(({ detail }) => detail);
  return table<Sent>({
    caption: 'What was sent',
    columns: [
      { heading: 'Field', kind: 'name', cell: ({ name }) => capitalized(fieldName(name)) },
      {
        heading: 'As it was sent',
        cell: ({ value }) => shown(value) ?? html`<span class="muted">missing</span>`,
      },
      { heading: 'What is wrong', cell: ({ name }) => said(wrong(name).join('; ')) },
    ],
    rows,
  });
}
