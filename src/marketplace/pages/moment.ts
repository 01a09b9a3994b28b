import { type Html, html } from './html.ts';

/** A time as people read it, in their zone: "4 May 2026, 14:00". */
export function momentText(time: number, zone: string): Html {
  const text = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
  return html`<time datetime="${new Date(time).toISOString()}">${text.format(time)}</time>`;
}
