import type { Outcome, Way } from '../../passage/passage.ts';
import { isAsking } from '../../view.ts';
import { type BadgeKind, badge } from '../badge.ts';
import { button, element } from '../element.ts';
import { createSection, type Section } from '../section.ts';

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
