import type { View } from '../view.ts';
import { summaryOf } from '../view.ts';
import { badge } from './badge.ts';
import { button, element } from './element.ts';

export interface Frame {
  root: HTMLElement;
  update(view: View): void;
  /** Says something to who listens, and shows it beside the buttons. */
  announce(text: string): void;
}

const origin =
  'Shown because the address of this page says onramp_debug. The panel stores nothing, and changes nothing of what the pixel does.';

/** What is around the sections: the head with the summary, which collapses and closes all, and the foot. */
export function createFrame(sections: Node[], close: () => void, copy: () => void): Frame {
  const status = element('p', { class: 'status', role: 'status' });
  const closing = element('p', { class: 'hint' }, origin);
  const content = element('div', { class: 'content', id: 'content' }, ...sections, closing);
  const announced = element('span', { class: 'announced', role: 'status' });
  const foot = element('footer', {}, button('Copy report', 'copy', copy, { class: 'main' }), announced);
  const collapse = button('Collapse', 'collapse', () => setCollapsed(!content.hidden), {
    'aria-expanded': 'true',
    'aria-controls': 'content',
    class: 'quiet',
  });
  const root = element(
    'section',
    { role: 'region', 'aria-label': 'onramp debug panel', class: 'panel' },
    element(
      'header',
      {},
      element('h2', {}, 'onramp', element('span', {}, ' debug')),
      element('div', { class: 'buttons' }, collapse, button('Close', 'close', close, { class: 'quiet' })),
      status,
    ),
    content,
    foot,
  );
  let said = '';

  function setCollapsed(isCollapsed: boolean): void {
    content.hidden = isCollapsed;
    foot.hidden = isCollapsed;
    collapse.textContent = isCollapsed ? 'Expand' : 'Collapse';
    collapse.setAttribute('aria-expanded', String(!isCollapsed));
  }

  return {
    root,
    update(view) {
      const { kind, text } = summaryOf(view);
      if (text === said) return;
      said = text;
      status.replaceChildren(badge(kind, text));
    },
    announce(text) {
      announced.textContent = text;
    },
  };
}
