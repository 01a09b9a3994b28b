import type { FormField } from '../../store/orderForms.ts';
import type { Values } from '../entries.ts';
import { fieldKinds, maxValueLength } from '../fields.ts';
import { type Html, html } from '../html.ts';

/**
 * One field with its label, and its error where it has one. The password is never filled in; of one that was entered
 * before, that is said.
 */
export function fieldMarkup(
  { name, required }: FormField,
  values: Values,
  errors: Values,
  wasEntered = false,
): Html {
  const { label, type, autocomplete, pattern, advice } = fieldKinds[name];
  const error = errors[name];
  const isGone = name === 'password' && wasEntered;
  const described = [isGone && `${name}-hint`, error !== undefined && `${name}-error`]
    .filter(Boolean)
    .join(' ');
  const isName = name === 'username' || type === 'email';
  return html`<div class="field">
<label for="${name}">${label}${!required && html` <span class="muted">(optional)</span>`}</label>
${isGone && html`<p class="hint small muted" id="${name}-hint">Please enter it again: it is not kept.</p>`}
${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" maxlength="${maxValueLength}"
${type !== 'text' && type !== 'password' && html` inputmode="${type}"`}
${isName && html` autocapitalize="none" spellcheck="false"`}
${pattern !== undefined && html` pattern="${pattern}" title="${advice ?? ''}"`}
${required && html` required`}
${error !== undefined && html` aria-invalid="true"`}
${described !== '' && html` aria-describedby="${described}"`}
${name !== 'password' && values[name] !== undefined && html` value="${values[name]}"`}>
</div>
`;
}

export interface Summary {
  /** Said first. */
  text?: string | undefined;
  errors: Values;
}

/** What has to be mended, each with a link to its field; it gets the focus, so that it is read first. */
export function errorSummary({ text, errors }: Summary, fields: readonly FormField[]): Html | undefined {
  const wrong = fields.filter(({ name }) => errors[name] !== undefined);
  if (text === undefined && wrong.length === 0) return undefined;
  return html`<div class="summary" role="alert" tabindex="-1" autofocus>
<h2>There is a problem</h2>
${text !== undefined && html`<p>${text}</p>`}
${wrong.length > 0 && html`<ul>${wrong.map(({ name }) => html`<li><a href="#${name}">${fieldKinds[name].label}: ${errors[name]}</a></li>`)}</ul>`}
</div>
`;
}
