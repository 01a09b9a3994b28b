import { count, durationOf, type Finding, type Severity, severities, timeOf } from '../settings/finding.ts';
import { type Setting, shown } from '../settings/settings.ts';
import { type Call, meaningOf } from './calls.ts';
import {
  type BadgeKind,
  badge,
  button,
  createSection,
  element,
  type Section,
  severityWords,
} from './elements.ts';
import { describeEntry } from './stored.ts';
import { isAsking, type ShownEntry, type View } from './view.ts';
import type { Outcome, Way } from './ways.ts';

const headings: Record<Severity, string> = { problem: 'Problems', check: 'To check', note: 'Good to know' };

/** What there is to do, worst first. */
export function drawFindings(findings: readonly Finding[]): Node[] {
  return severities.flatMap((severity) => {
    const alike = findings.filter((finding) => finding.severity === severity);
    if (alike.length === 0) return [];
    return [
      element(
        'div',
        { class: 'findings' },
        element('h3', {}, badge(severity, headings[severity])),
        element('ul', {}, ...alike.map(drawFinding)),
      ),
    ];
  });
}

function drawFinding({ title, advice }: Finding): HTMLElement {
  return element('li', {}, element('strong', {}, title), element('p', {}, advice));
}

const outcomes: Record<Outcome, readonly [kind: BadgeKind, word: string]> = {
  asking: ['note', 'Asking'],
  through: ['ok', 'Let through'],
  stopped: ['problem', 'Stopped'],
  unknown: ['note', 'Unknown'],
};

/** Whether messages get to the marketplace. */
export function createWays(askAgain: () => void): Section {
  return createSection({
    title: 'Ways to the marketplace',
    isOpen: true,
    hint: (view) => view.endpoint.replace(/^https?:\/\//, ''),
    data: ({ passage, endpoint }) => [passage, endpoint],
    draw: (view) => [
      element(
        'ul',
        { class: 'rows' },
        drawWay('Service', view.passage.service, 'Answers'),
        drawWay('Image', view.passage.image),
        drawWay('Beacon', view.passage.beacon),
      ),
      element(
        'p',
        { class: 'actions' },
        button(isAsking(view) ? 'Asking…' : 'Ask again', 'ask again', () => {
          if (!isAsking(view)) askAgain();
        }),
        element('span', { class: 'hint' }, 'These questions leave no trace at the marketplace.'),
      ),
    ],
  });
}

function drawWay(name: string, { outcome, saw }: Way, through?: string): HTMLElement {
  const [kind, word] = outcomes[outcome];
  return element(
    'li',
    {},
    element('span', { class: 'name' }, name),
    badge(kind, outcome === 'through' && through ? through : word),
    element('p', {}, saw),
  );
}

const states: Record<ShownEntry['state'], readonly [kind: BadgeKind, word: string]> = {
  waiting: ['check', 'Waiting'],
  proven: ['ok', 'Proven'],
  gone: ['problem', 'No proof'],
};

/** The outbox: what waits for the marketplace's proof, and what has it. */
export function createPurchases(askFor: (entry: ShownEntry) => void): Section {
  return createSection({
    title: 'Purchases in this browser',
    isOpen: true,
    hint,
    data: ({ entries, now, isStorageDenied }) => [
      isStorageDenied,
      ...entries.map((entry) => [entry, age(entry, now)]),
    ],
    draw: ({ entries, now, isStorageDenied }) => {
      if (entries.length > 0)
        return [element('ul', { class: 'rows' }, ...entries.map((entry) => drawEntry(entry, now, askFor)))];
      const why = isStorageDenied
        ? 'This browser denies storage: what waits is in the page’s memory, and cannot be seen.'
        : 'None was tracked here within the last day.';
      return [element('p', { class: 'hint' }, why)];
    },
  });
}

function hint({ entries }: View): string {
  const number = (wanted: string) => entries.filter(({ state }) => state === wanted).length;
  const parts = [
    ...(number('gone') ? [`${number('gone')} without proof`] : []),
    ...(number('waiting') ? [`${number('waiting')} waiting`] : []),
    ...(number('proven') ? [`${number('proven')} proven`] : []),
  ];
  return parts.join(', ') || count(0, 'purchase');
}

function drawEntry(entry: ShownEntry, now: number, askFor: (entry: ShownEntry) => void): HTMLElement {
  const { state, since, answer, isAskable, isAsked } = entry;
  const [kind, word] = states[state];
  const question = state === 'gone' ? 'Ask why' : 'Ask for the proof now';
  const press = () => {
    if (!isAsked) askFor(entry);
  };
  return element(
    'li',
    {},
    element('span', { class: 'name' }, describeEntry(entry)),
    badge(kind, word),
    element('p', {}, `Since ${timeOf(since)}${age(entry, now)}.`),
    answer &&
      element(
        'p',
        { class: `answer ${answer.severity}` },
        badge(answer.severity, severityWords[answer.severity]),
        element('strong', {}, `${answer.title}.`),
        ` ${answer.advice}`,
      ),
    isAskable
      ? element('p', { class: 'actions' }, button(isAsked ? 'Asking…' : question, `ask ${entry.key}`, press))
      : undefined,
  );
}

function age({ state, since }: ShownEntry, now: number): string {
  return state === 'waiting' ? `, waits for ${durationOf(now - since)}` : '';
}

const kinds: Record<string, BadgeKind> = { sent: 'ok', held: 'check', invalid: 'problem' };

/** The last calls of onrampTrack, with their receipts. */
export function createCalls(): Section {
  return createSection({
    title: 'Calls of onrampTrack',
    isOpen: false,
    hint: ({ calls: [last] }) => (last ? `last: ${last.status || 'under way'}` : 'none'),
    data: ({ calls }) => calls,
    draw: ({ calls }) =>
      calls.length > 0
        ? [element('ul', { class: 'rows' }, ...calls.map(drawCall))]
        : [element('p', { class: 'hint' }, 'The page has tracked nothing yet.')],
  });
}

function drawCall(call: Call): HTMLElement {
  const { at, given, status, reason } = call;
  const when = at === undefined ? 'Before this panel loaded' : timeOf(at);
  const said = [meaningOf(call), reason && `(${reason})`].filter((text) => text !== '').join(' ');
  return element(
    'li',
    {},
    element('span', { class: 'name' }, given),
    badge(kinds[status] ?? 'note', status || 'under way'),
    element('p', {}, [when, said].filter((text) => text !== '').join(': ')),
  );
}

const sources: Record<string, string> = {
  param: 'a parameter of the landing page’s address',
  referrer: 'the page that the visitor came from',
};

/** The referral that counts, or why there is none. */
export function createReferral(): Section {
  return createSection({
    title: 'Referral',
    isOpen: false,
    hint: ({ referral: { live } }) => live?.id ?? 'none',
    data: ({ referral }) => referral,
    draw: ({ referral: { live, reasons } }) => [
      ...(live
        ? [
            element(
              'dl',
              {},
              ...row('Id', live.id),
              ...row('From', sources[live.source] ?? live.source),
              ...row('Landed', timeOf(live.landedAt)),
              ...row('Counts until', timeOf(live.until)),
              ...row('Kept in', live.keptIn === 'cookie' ? 'a cookie' : 'localStorage: cookies are refused'),
            ),
          ]
        : [element('p', {}, 'None counts in this browser now.')]),
      ...(reasons.length > 0
        ? [element('ul', { class: 'reasons' }, ...reasons.map((reason) => element('li', {}, reason)))]
        : []),
    ],
  });
}

function row(name: string, value: string, extra?: Node): HTMLElement[] {
  return [element('dt', {}, name), element('dd', {}, value, extra)];
}

/** The settings of the tag or the module, those that someone has set first. */
export function createSettings(): Section {
  return createSection({
    title: 'Settings',
    isOpen: false,
    hint: ({ settings }) => `${settings.filter(isSet).length} set`,
    data: ({ settings }) => settings,
    draw: ({ settings }) => {
      const set = settings.filter(isSet);
      const byDefault = settings.filter(({ from }) => from === 'default');
      const names = settings.filter(({ from }) => from === 'not set').map(({ label }) => label);
      if (settings.length === 0) return [element('p', { class: 'hint' }, 'There is no tag to read.')];
      return [
        element('dl', {}, ...[...set, ...byDefault].flatMap(drawSetting)),
        element('p', { class: 'hint' }, `Not set: ${names.join(', ') || 'none'}.`),
      ];
    },
  });
}

function isSet({ from }: Setting): boolean {
  return from !== 'default' && from !== 'not set';
}

function drawSetting(setting: Setting): HTMLElement[] {
  const source = element('span', { class: 'hint' }, ` ${setting.from}`);
  return row(setting.label, shown(setting), source);
}
