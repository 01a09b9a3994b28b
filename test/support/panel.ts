import type { Locator, Page } from '@playwright/test';

/** Puts the panel into a page whose tag doesn't. */
export function panelTag(baseUrl: string): string {
  return `<script type="module" src="${baseUrl}/onramp_debug.js"></script>`;
}

/** What a reader of the panel sees, by the names that a screen reader says. */
export interface PanelView {
  root: Locator;
  /** The one line that sums it up. */
  summary: Locator;
  section(title: string): Locator;
  button(name: string): Locator;
  /** The whole text, once every way to the marketplace has been tried. */
  text(): Promise<string>;
}

export function panelOn(page: Page): PanelView {
  const root = page.getByRole('region', { name: 'onramp debug panel' });
  const button = (name: string) => root.getByRole('button', { name, exact: true });
  return {
    root,
    summary: root.getByRole('status').first(),
    section: (title) => root.getByRole('group').filter({ has: page.getByRole('heading', { name: title }) }),
    button,
    async text() {
      await button('Ask again').waitFor();
      return (await root.textContent()) ?? '';
    },
  };
}

/** The page's address with the switch that shows the panel. */
export function withPanel(address: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}onramp_debug`;
}
