import type { Standing } from '../../pages/blocks.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { said } from '../../pages/said.ts';
import { sayCount } from '../../pages/words.ts';
import type { Foreseen, Replayed } from '../../tracking/replay.ts';
import { wordsFor } from './reasons.ts';

export const replayResults = [
  'created',
  'duplicate',
  'refused',
  'not_replayable',
  'forgotten',
  'gone',
] as const;
export type ReplayResult = (typeof replayResults)[number];

/** What becomes of a message, in a few words: before and after. */
export const resultWords: Readonly<Record<ReplayResult, { text: string; standing: Standing }>> = {
  created: { text: 'Stored', standing: 'good' },
  duplicate: { text: 'On record already', standing: 'plain' },
  refused: { text: 'Refused again', standing: 'bad' },
  not_replayable: { text: 'Can’t be replayed', standing: 'wait' },
  forgotten: { text: 'Deleted: the customer was forgotten', standing: 'plain' },
  gone: { text: 'Gone: somebody else has replayed it', standing: 'plain' },
};

/** What a replay would do with a message, in a sentence. */
export function explainForeseen(foreseen: Foreseen, url: string, purchases: string): Html {
  switch (foreseen.result) {
    case 'created':
      return html`It would be stored, as of the time at which it first arrived.`;
    case 'duplicate':
      return html`It is on record already, as <a href="${linkFrom(url, `${purchases}/${foreseen.row}`)}">this row</a>: it would add
what that lacks, and leave the list.`;
    case 'refused':
      return html`It would be refused again: ${wordsFor(foreseen.reason).title}. ${said(foreseen.detail)}`;
    case 'not_replayable':
      return html`${said(foreseen.detail)}`;
    case 'forgotten':
      return html`Its customer was forgotten since: it would be deleted.`;
  }
}

/** The same beside what would become of it. */
export function whyForeseen(foreseen: Foreseen, url: string, purchases: string): Html | undefined {
  if (foreseen.result === 'duplicate')
    return html`As <a href="${linkFrom(url, `${purchases}/${foreseen.row}`)}">this row</a>`;
  return 'detail' in foreseen ? said(foreseen.detail) : undefined;
}

export type Counts = Readonly<Record<ReplayResult, number>>;

export function countResults(results: readonly Replayed[]): Counts {
  const count = (result: ReplayResult) => results.filter((one) => one.result === result).length;
  return {
    created: count('created'),
    duplicate: count('duplicate'),
    refused: count('refused'),
    not_replayable: count('not_replayable'),
    forgotten: count('forgotten'),
    gone: count('gone'),
  };
}

/** 312 stored, 4 on record already. */
export function sayCounts(counts: Counts): string {
  const parts = replayResults
    .filter((result) => counts[result] > 0)
    .map(
      (result) =>
        `${sayCount(counts[result], 'message', 'messages')}: ${resultWords[result].text.toLowerCase()}`,
    );
  return parts.length === 0 ? 'There was nothing to replay' : parts.join('; ');
}
