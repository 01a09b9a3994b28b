import type { OrderForm } from '../../store/orderForms.ts';
import type { Values } from '../entries.ts';
import { type Html, html } from '../html.ts';
import { errorSummary, fieldMarkup, type Summary } from './fields.ts';
import { type Brand, page } from './page.ts';

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
