import type { Severity } from '../finding.ts';
import { element } from './element.ts';

export type BadgeKind = Severity | 'ok';

/** The shape says it to who sees no colours, the word to who sees neither. */
const signs: Record<BadgeKind, string> = { problem: '✕', check: '!', note: 'i', ok: '✓' };
export const severityWords: Record<BadgeKind, string> = {
  problem: 'Problem',
  check: 'Check',
  note: 'Note',
  ok: 'OK',
};

export function badge(kind: BadgeKind, word: string): HTMLElement {
  return element(
    'span',
    { class: `badge ${kind}` },
    element('span', { class: 'sign', 'aria-hidden': 'true' }, signs[kind]),
    word,
  );
}
