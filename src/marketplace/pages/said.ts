import { escapeControls } from '../../wire/text.ts';
import { type Html, html } from './html.ts';

/**
 * What a stranger wrote. It turns nothing around it, whatever its direction of writing, and characters that nobody sees
 * are shown by their numbers.
 */
export function said(text: string): Html {
  return html`<bdi>${escapeControls(text)}</bdi>`;
}
