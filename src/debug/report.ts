import { describeEntry } from './page/outbox.ts';
import { meaningOf } from './page/receipts.ts';
import type { Way } from './passage/passage.ts';
import { kebab, shown } from './settings/options.ts';
import { summaryOf, type View } from './view.ts';

/** The whole as plain text, for a support ticket. No signature is in it, and no secret that it can tell. */
export function composeReport(view: View): string {
  const { findings, passage, entries, calls, settings } = view;
  const way = (name: string, { outcome, saw }: Way) => `${name}: ${outcome}. ${saw}`;
  return [
    ['onramp report', `${utc(view.now)}, ${view.page}`, navigator.userAgent],
    [`Partner key: ${view.partnerKey || '(none)'}`, `Service: ${view.endpoint}`],
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
          const { at, given = 'a call that was not seen', status, reason } = call;
          return `${utc(at)} ${given} -> ${status || meaningOf(call)}${reason ? ` (${reason})` : ''}`;
        }),
      ),
    ],
    ['REFERRAL', ...describeReferral(view)],
    [
      'SETTINGS',
      ...orNone(
        settings.map((setting) => `data-${kebab(setting.name)} = ${shown(setting)} (${setting.from})`),
      ),
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
