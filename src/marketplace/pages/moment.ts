import { type Html, html } from './html.ts';

/** A time as people read it, in their zone: "4 May 2026, 14:00". */
export function momentText(time: number, zone: string): Html {
  return timeElement(time, { timeStyle: 'short', timeZone: zone });
}

/** The same to the second, where what stands beside it happened within the minute: "4 May 2026, 14:00:07". */
export function secondText(time: number, zone: string): Html {
  return timeElement(time, { timeStyle: 'medium', timeZone: zone });
}

function timeElement(time: number, options: Intl.DateTimeFormatOptions): Html {
  const text = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', ...options });
  return html`<time datetime="${new Date(time).toISOString()}">${text.format(time)}</time>`;
}
