import type { FastifyReply } from 'fastify';
import { type FieldName, fieldNames } from '../../../wire/account.ts';
import { badge, notice, postButton } from '../../pages/blocks.ts';
import { choiceField, errorSummary, type FieldErrors, textField } from '../../pages/fields.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { said } from '../../pages/said.ts';
import { alwaysRequired, fieldKinds } from '../../provisioning/entries.ts';
import { maxLogoBytes } from '../../provisioning/logo.ts';
import { sendAreaPage } from '../../signin/areas.ts';
import type { OrderForm } from '../../store/orderForms.ts';
import type { Provider } from '../../store/providers.ts';

/** How a form asks for each field that it asks for. */
export type Asked = Readonly<Partial<Record<FieldName, string>>>;

export interface OrderFormPageParts {
  provider: Provider;
  /** As it is; undefined where there is none yet. */
  form: OrderForm | undefined;
  /** What stands in the page: as it is, or as it was entered. */
  path: string;
  asked: Asked;
  errors: FieldErrors;
  done?: string | undefined;
}

/** Answers with the page of a provider's order form. */
export function sendOrderFormPage(
  reply: FastifyReply,
  parts: OrderFormPageParts,
  status = 200,
): FastifyReply {
  const { provider, form, path, asked, errors, done } = parts;
  const { url } = reply.request;
  const back = linkFrom(url, `console/providers/${provider.partnerKey}`);
  const title = `Order form of ${provider.name}`;
  return sendAreaPage(
    reply,
    {
      title: status === 200 ? title : `Error: ${title}`,
      content: html`<p class="small"><a href="${linkFrom(url, 'console/providers')}">Providers</a> /
<a href="${back}">${said(provider.name)}</a></p>
<h1>Order form</h1>
<p class="lead">Buyers order an account at ${said(provider.name)} by it.</p>
${done !== undefined && notice('good', html`<p>${done}</p>`)}
${errorSummary(errors)}
${form && stateOf(form, url, back)}
<form method="post" action="${back}/form" class="card">
<h2>${form ? 'What it asks' : 'Make the form'}</h2>
${textField({
  name: 'path',
  label: 'Name of its page',
  hint: 'It becomes the address: /order/<name>.',
  value: path,
  required: true,
  isCode: true,
  autocomplete: 'off',
  error: errors.path,
})}
<div class="columns">${fieldNames.map((name) => askField(name, asked))}</div>
${textField({
  name: 'resellerKey',
  label: 'Reseller key',
  hint: resellerHint(form),
  isCode: true,
  autocomplete: 'off',
  error: errors.resellerKey,
})}<button>Save</button>
</form>
${form && logoCard(form, { back, url, errors })}`,
    },
    status,
  );
}

function stateOf(form: OrderForm, url: string, back: string): Html {
  const address = html`<a href="${linkFrom(url, `order/${form.path}`)}">/order/${form.path}</a>`;
  if (form.isOpen) return html`<p>${badge('good', 'Open')} Buyers order at ${address}.</p>`;
  return notice(
    'wait',
    html`<p>${badge('wait', 'Closed')} ${address} takes no orders until the provider is enabled and has an address that orders are posted to.
<a href="${back}">Set it</a></p>`,
  );
}

function askField(name: FieldName, asked: Asked): Html {
  const always = alwaysRequired.includes(name);
  const choices = [
    { value: '', text: 'not asked' },
    { value: 'optional', text: 'may be left empty' },
    { value: 'required', text: 'required' },
  ];
  return choiceField({
    name: `ask-${name}`,
    label: fieldKinds[name].label,
    hint: always ? 'Always asked, so that it is known whose account it is.' : undefined,
    value: always ? 'required' : (asked[name] ?? ''),
    choices: always ? choices.slice(2) : choices,
  });
}

function resellerHint(form: OrderForm | undefined): string {
  const what = 'The marketplace’s own key there: sent along with each order, and not asked.';
  return form?.resellerKey === undefined
    ? what
    : `${what} There is one, which isn’t shown; leave this empty to keep it.`;
}

function logoCard(
  form: OrderForm,
  { back, url, errors }: { back: string; url: string; errors: FieldErrors },
): Html {
  return html`<section class="card"><h2>Logo</h2>
${
  form.logo === undefined
    ? html`<p class="muted">The form shows the provider’s name.</p>`
    : html`<p><img class="logo" src="${linkFrom(url, `logos/${form.logo}`)}" alt="The logo as it is"></p>
${postButton({ action: `${back}/form/remove-logo`, text: 'Show the name instead' })}`
}
<form method="post" action="${back}/form/logo" enctype="multipart/form-data">
${textField({
  name: 'logo',
  label: 'Another picture',
  hint: `PNG, SVG or WebP, of at most ${maxLogoBytes / 1024} KiB.`,
  type: 'file',
  required: true,
  accept: 'image/png,image/svg+xml,image/webp',
  error: errors.logo,
})}<button>Upload</button>
</form></section>`;
}
