import type { Severity } from '../settings/finding.ts';
import type { View } from './view.ts';

type Attributes = Record<string, string | ((event: Event) => void)>;

/**
 * Builds an element; an attribute that is a function listens to the event of that name. Nothing is ever parsed, so
 * pages that demand Trusted Types have nothing to forbid, and no text of the page can become an element.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string | undefined)[]
): HTMLElementTagNameMap[Name] {
  const built = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'string') built.setAttribute(key, value);
    else built.addEventListener(key, value);
  }
  built.append(...children.filter((child) => child !== undefined));
  return built;
}

/** A button that keeps the focus when what is around it is drawn anew: it is found again by its key. */
export function button(
  label: string,
  key: string,
  press: () => void,
  extra: Attributes = {},
): HTMLButtonElement {
  return element('button', { type: 'button', 'data-key': key, click: press, ...extra }, label);
}

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

interface SectionParts {
  title: string;
  isOpen: boolean;
  /** A few words beside the title, readable while the section is closed. */
  hint(view: View): string;
  /** What it shows; drawn anew only when this changes. */
  data(view: View): unknown;
  draw(view: View): Node[];
}

export interface Section {
  root: HTMLElement;
  update(view: View): void;
}

/** A part of the panel that can be opened and closed. */
export function createSection({ title, isOpen, hint, data, draw }: SectionParts): Section {
  const hinted = element('span', { class: 'hint' });
  const body = element('div', { class: 'body' });
  const heading = element('h3', {}, title);
  const root = element('details', {}, element('summary', {}, heading, hinted), body);
  root.open = isOpen;
  let drawn = '';

  return {
    root,
    update(view) {
      const text = JSON.stringify(data(view));
      if (text === drawn) return;
      drawn = text;
      hinted.textContent = hint(view);
      redraw(body, draw(view));
    },
  };
}

/** Puts new content in the place of the old, and the focus where it was. */
export function redraw(body: HTMLElement, content: Node[]): void {
  const root = body.getRootNode();
  const focused = root instanceof ShadowRoot ? root.activeElement : undefined;
  const key = focused instanceof HTMLElement && body.contains(focused) ? focused.dataset.key : undefined;
  body.replaceChildren(...content);
  if (key === undefined) return;
  const again = [...body.querySelectorAll<HTMLElement>('[data-key]')].find(
    ({ dataset }) => dataset.key === key,
  );
  again?.focus({ preventScroll: true });
}
