import { type Finding, worstFirst } from './finding.ts';
import type { Call } from './page/calls.ts';
import type { Entry } from './page/outbox.ts';
import type { ReferralReading } from './page/referral.ts';
import type { Passage } from './passage/passage.ts';
import type { Setting } from './settings/options.ts';
import { count } from './words.ts';

/** An entry of the outbox with what the reader has asked about it. */
export interface ShownEntry extends Entry {
  /** Whether it may be sent once more: there is a message, no proof, and no consent that is waited for. */
  isAskable: boolean;
  isAsked: boolean;
  answer: Finding | undefined;
}

/** All that the panel shows and the report says, at one moment. */
export interface View {
  now: number;
  /** Without query and fragment, which may hold what is nobody's business. */
  page: string;
  partnerKey: string;
  endpoint: string;
  /** Worst first, alike ones once. */
  findings: Finding[];
  passage: Passage;
  entries: ShownEntry[];
  calls: Call[];
  referral: ReferralReading;
  settings: Setting[];
}

export function gather(findings: readonly (Finding | undefined)[]): Finding[] {
  const byTitle = new Map(findings.flatMap((finding) => (finding ? [[finding.title, finding]] : [])));
  return worstFirst([...byTitle.values()]);
}

export function isAsking({ passage }: View): boolean {
  return Object.values(passage).some(({ outcome }) => outcome === 'asking');
}

/** All in one line. */
export function summaryOf(view: View): { kind: 'problem' | 'check' | 'ok' | 'note'; text: string } {
  const number = (wanted: string) => view.findings.filter(({ severity }) => severity === wanted).length;
  const problems = number('problem');
  const checks = number('check');
  const parts = [
    ...(problems ? [count(problems, 'problem')] : []),
    ...(checks ? [`${count(checks, 'thing')} to check`] : []),
  ];
  if (parts.length > 0) return { kind: problems ? 'problem' : 'check', text: parts.join(', ') };
  return isAsking(view) ? { kind: 'note', text: 'Looking…' } : { kind: 'ok', text: 'Nothing wrong found' };
}
