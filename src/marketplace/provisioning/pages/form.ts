import { type Html, html } from '../../pages/html.ts';
import { type Brand, page } from '../../pages/page.ts';
import type { FormField, OrderForm } from '../../store/orderForms.ts';
import { fieldKinds, maxValueLength, type Values } from '../entries.ts';

export interface FormParts {
  form: Pick<OrderForm, 'fields' | 'providerName'>;
  /** Where the form is sent. */
  action: string;
  token: string;
  values: Values;
  /** What is wrong with what was sent before. */
  problem?: Summary | undefined;
}

/** The form alone, with what is wrong above it. */
export function formMarkup({ form, action, token, values, problem = { errors: {} } }: FormParts): Html {
  const { fields, providerName } = form;
  const wasSent = problem.text !== undefined || Object.keys(problem.errors).length > 0;
  return html`${errorSummary(problem, fields)}
<form method="post" action="${action}">
<input type="hidden" name="order" value="${token}">
${fields.map((field) => fieldMarkup(field, values, problem.errors, wasSent))}
<button>Create my account</button>
<p class="below small muted">What you enter goes to ${providerName}, which creates the account. No card data is asked
for: please enter none.</p>
</form>
`;
}

/** The page with the form; `earlierOrder` is the address of an order that was made by the same page before. */
export function formPage(parts: FormParts & { brand: Brand; earlierOrder?: string | undefined }): string {
  const { brand, earlierOrder, problem } = parts;
  const isWrong = problem !== undefined;
  const title = `Your account at ${brand.name}`;
  return page({
    title: isWrong ? `Error: ${title}` : title,
    provider: brand,
    content: html`<h1>${title}</h1>
<p class="muted">Fill in the form, and the account is created for you.</p>
${earlierOrder !== undefined && earlierNote(earlierOrder)}
${formMarkup(parts)}`,
  });
}

function earlierNote(address: string): Html {
  return html`<div class="summary note" role="alert" tabindex="-1" autofocus>
<h2>You have sent this form before</h2>
<p>With other details: <a href="${address}">see what became of that order</a>. If you send the form below, it makes
another account beside it.</p>
</div>
`;
}

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
