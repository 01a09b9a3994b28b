import { count, type Finding } from '../settings/finding.ts';
import { type Setting, type Source, shown } from '../settings/settings.ts';
import { type Call, meaningOf } from './calls.ts';
import type { Passage } from './passage.ts';
import { describeEntry, type Entry, type ReferralReading } from './stored.ts';
import type { Way } from './ways.ts';

/** An entry of the outbox with what the reader has asked about it. */
export interface ShownEntry extends Entry {
  /** Whether it may be sent once more: there is a message, no proof, and nothing speaks of withdrawn consent. */
  isAskable: boolean;
  isAsked: boolean;
  answer: Finding | undefined;
}

/** All that the panel shows and the report says, at one moment. */
export interface View {
  now: number;
  /** Without query and fragment, which may hold what is nobody's business. */
  page: string;
  startedBy: Source['by'];
  partnerKey: string;
  /** Where messages go, as it is written. */
  endpoint: string;
  /** Worst first, alike ones once. */
  findings: Finding[];
  passage: Passage;
  entries: ShownEntry[];
  /** Where what waits can't be seen. */
  isStorageDenied: boolean;
  calls: Call[];
  referral: ReferralReading;
  settings: Setting[];
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

/** The whole as plain text, for a support ticket. No signature is in it, and no secret that it can tell. */
export function composeReport(view: View): string {
  const { findings, passage, entries, calls, settings } = view;
  const way = (name: string, { outcome, saw }: Way) => `${name}: ${outcome}. ${saw}`;
  return [
    ['onramp report', `${utc(view.now)}, ${view.page}`, navigator.userAgent],
    [
      `Partner key: ${view.partnerKey || '(none)'}`,
      `Service: ${view.endpoint}`,
      `Started by: ${view.startedBy === 'module' ? 'a module, startOnramp' : 'a tag'}`,
    ],
    [
      `FINDINGS: ${summaryOf(view).text}`,
      ...findings.map(({ severity, title, advice }) => `[${severity}] ${title}. ${advice}`),
    ],
    [
      'WAYS TO THE MARKETPLACE',
      way('service', passage.service),
      way('beacon', passage.beacon),
      way('image', passage.image),
    ],
    [
      'PURCHASES IN THIS BROWSER',
      ...orNone(
        entries.map((entry) => {
          const answer = entry.answer ? ` -- ${entry.answer.title}` : '';
          return `${utc(entry.since)} ${entry.state}: ${describeEntry(entry)}${answer}`;
        }),
      ),
    ],
    [
      'CALLS OF onrampTrack',
      ...orNone(
        calls.map((call) => {
          const { at, given, status, reason } = call;
          const when = at === undefined ? 'before the panel loaded' : utc(at);
          return `${when}: ${given} -> ${status || meaningOf(call)}${reason ? ` (${reason})` : ''}`;
        }),
      ),
    ],
    ['REFERRAL', ...describeReferral(view)],
    [
      'SETTINGS',
      ...orNone(settings.map((setting) => `${setting.label} = ${shown(setting)} (${setting.from})`)),
    ],
  ]
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function describeReferral({ referral: { live, reasons } }: View): string[] {
  if (!live) return ['none', ...reasons];
  const { id, source, landedAt, until, keptIn } = live;
  return [`${id} (${source}), landed ${utc(landedAt)}, counts until ${utc(until)}, in ${keptIn}`, ...reasons];
}

function orNone(lines: string[]): string[] {
  return lines.length > 0 ? lines : ['none'];
}

function utc(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? 'an invalid time' : time.toISOString();
}
