import type { View } from '../view.ts';
import { element } from './element.ts';

export interface SectionParts {
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
