import { type Html, html } from './html.ts';

/** How something stands: its colour, beside words that say the same. */
export type Standing = 'good' | 'wait' | 'bad' | 'plain';

/** A word or two that say how something stands. */
export function badge(standing: Standing, text: string): Html {
  return html`<span class="badge ${standing}">${text}</span>`;
}

export interface TileParts {
  label: string;
  value: Html | string | number;
  /** Beside the value, smaller: how it was before, for example. */
  note?: Html | string | undefined;
}

/** Figures that stand side by side, each with its name. */
export function tiles(parts: readonly TileParts[]): Html {
  return html`<dl class="tiles">
${parts.map(({ label, value, note }) => html`<div class="tile"><dt>${label}</dt><dd>${value}</dd>${note !== undefined && html`<dd class="note">${note}</dd>`}</div>\n`)}</dl>`;
}

/** Where there is nothing to show yet: why, and the next step. */
export function emptyState(title: string, nextStep: Html): Html {
  return html`<div class="empty"><h2>${title}</h2>
${nextStep}
</div>`;
}

/** Something to be read before all else; what went wrong is said at once by screen readers. */
export function notice(standing: Standing, content: Html): Html {
  return html`<div class="notice ${standing}" role="${standing === 'bad' ? 'alert' : 'status'}">
${content}
</div>`;
}

/** A button that is a form of its own: it changes something, so it is no link. */
export function postButton({ action, text, hidden = {}, kind = 'plain' }: PostButtonParts): Html {
  return html`<form method="post" action="${action}" class="inline">
${hiddenFields(hidden)}<button class="${kind}">${text}</button>
</form>`;
}

export interface PostButtonParts {
  action: string;
  text: string | Html;
  /** Sent along, by their names. */
  hidden?: Readonly<Record<string, string>>;
  kind?: 'plain' | 'danger' | 'primary';
}

function hiddenFields(fields: Readonly<Record<string, string>>): Html[] {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`,
  );
}

/** A value that people copy whole: a link, a secret, a line to paste. */
export function copyable(label: string, value: string): Html {
  return html`<div class="copyable"><span class="label">${label}</span>
<code tabindex="0" data-copy="${label}">${value}</code></div>`;
}

/** A link that people hand on; browser/copy.js shows its whole address, which only the browser knows. */
export function copyableLink(label: string, href: string): Html {
  return html`<div class="copyable"><span class="label">${label}</span>
<a class="code" href="${href}" data-copy="${label}">${href}</a></div>`;
}
