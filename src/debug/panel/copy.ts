import { element } from './element.ts';

/**
 * Copies the text; where the browser doesn't let it, as on http pages, shows it selected instead, and the reader copies
 * it. Resolves to whether it is copied.
 */
export async function copyText(text: string, panel: HTMLElement): Promise<boolean> {
  const field = panel.querySelector('textarea');
  try {
    await navigator.clipboard.writeText(text);
    field?.remove();
    return true;
  } catch {
    const shown = field ?? element('textarea', { 'aria-label': 'Report', readonly: '', rows: '6' });
    shown.value = text;
    if (!field) panel.querySelector('footer')?.append(shown);
    shown.focus();
    shown.select();
    return false;
  }
}
