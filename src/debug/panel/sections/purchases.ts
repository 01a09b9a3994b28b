import { describeEntry } from '../../page/outbox.ts';
import type { ShownEntry, View } from '../../view.ts';
import { count, durationOf, timeOf } from '../../words.ts';
import { type BadgeKind, badge, severityWords } from '../badge.ts';
import { button, element } from '../element.ts';
import { createSection, type Section } from '../section.ts';

const states: Record<ShownEntry['state'], readonly [kind: BadgeKind, word: string]> = {
  waiting: ['check', 'Waiting'],
  proven: ['ok', 'Proven'],
  gone: ['problem', 'Not stored'],
};

/** The outbox: what waits for the marketplace's proof, and what has it. */
export function createPurchases(askFor: (entry: ShownEntry) => void): Section {
  return createSection({
    title: 'Purchases in this browser',
    isOpen: true,
    hint,
    data: ({ entries, now }) => entries.map((entry) => [entry, age(entry, now)]),
    draw: ({ entries, now }) =>
      entries.length > 0
        ? [element('ul', { class: 'rows' }, ...entries.map((entry) => drawEntry(entry, now, askFor)))]
        : [element('p', { class: 'hint' }, 'None was tracked here within the last day.')],
  });
}

function hint({ entries }: View): string {
  const number = (wanted: string) => entries.filter(({ state }) => state === wanted).length;
  const parts = [
    ...(number('gone') ? [`${number('gone')} not stored`] : []),
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
