import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readPartnerKey } from '../../administration/values.ts';
import { badge, emptyState } from '../../pages/blocks.ts';
import { errorSummary, type FieldErrors, textField } from '../../pages/fields.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { said } from '../../pages/said.ts';
import { table } from '../../pages/table.ts';
import { createKeyEnding, createPartnerKey, createSecret, isLive } from '../../providers/secret.ts';
import { sendAreaPage } from '../../signin/areas.ts';
import { unlessTaken } from '../../store/errors.ts';
import type { Provider } from '../../store/providers.ts';
import { type Body, Entered } from './entered.ts';
import { type AdministrationOptions, recordChange } from './options.ts';
import { basicFields, type ProviderTexts, readSettings, textsEntered } from './providerFields.ts';
import { sendSecretPage } from './secretPage.ts';

/** `/console/providers`: all of them; `/console/add-provider`: another one, whose secret is shown once. */
export async function providerListRoutes(
  app: FastifyInstance,
  options: AdministrationOptions,
): Promise<void> {
  const { store, guard, clock } = options;
  const addUrl = '/console/add-provider';

  app.get('/console/providers', async (request, reply) => {
    await guard.operator(request);
    return sendList(reply, await store.listProviders());
  });

  app.get(addUrl, async (request, reply) => {
    await guard.operator(request);
    return sendForm(reply, { texts: noTexts, key: '', ending: createKeyEnding(), errors: {} });
  });

  app.post(addUrl, async (request: FastifyRequest<{ Body: Body }>, reply) => {
    await guard.operator(request);
    const entered = new Entered(request.body);
    const settings = readSettings(entered);
    const key = entered.readOptional('key', readPartnerKey);
    // The same in the form and in a second copy of it, so that a form sent twice makes one provider.
    const ending = entered.text('ending').replace(/[^a-z0-9]/g, '') || createKeyEnding();
    if (settings && entered.isRight) {
      const { name, origins, minimumLevel } = settings;
      const partnerKey = key ?? createPartnerKey(name, ending);
      const secret = createSecret(clock());
      const isAdded = await store
        .addProvider({ partnerKey, name, origins, minimumLevel, disabled: false }, secret)
        .then(() => true, unlessTaken);
      if (isAdded) {
        await recordChange(request, options, { action: 'provider added', subject: partnerKey, detail: name });
        return sendSecretPage(reply, { provider: { partnerKey, name }, secret: secret.secret, isNew: true });
      }
      entered.refuse('key', `The partner key ${partnerKey} is in use. Was this form sent twice?`);
    }
    const { errors } = entered;
    return sendForm(reply, { texts: textsEntered(entered), key: entered.text('key'), ending, errors }, 422);
  });
}

function sendList(reply: FastifyReply, providers: readonly Provider[]): FastifyReply {
  const { url } = reply.request;
  const add = html`<a class="button" href="${linkFrom(url, 'console/add-provider')}">Add a provider</a>`;
  return sendAreaPage(reply, {
    title: 'Providers',
    content: html`<div class="head"><h1>Providers</h1>
${providers.length > 0 && add}</div>
${
  providers.length === 0
    ? emptyState(
        'No providers yet',
        html`<p>A provider is who sells through the marketplace. Add the first one to get its partner key, its secret and the line for its
pages.</p><p>${add}</p>`,
      )
    : table<Provider>({
        caption: 'All providers',
        isCaptionUnseen: true,
        rows: providers,
        columns: [
          {
            heading: 'Name',
            kind: 'name',
            cell: ({ partnerKey, name }) =>
              html`<a href="${linkFrom(url, `console/providers/${partnerKey}`)}">${said(name)}</a>`,
          },
          { heading: 'Partner key', cell: ({ partnerKey }) => html`<code>${partnerKey}</code>` },
          { heading: 'State', cell: stateBadge },
          { heading: 'Takes from', cell: ({ minimumLevel }) => minimumLevel },
          { heading: 'Live secrets', kind: 'number', cell: ({ secrets }) => secrets.filter(isLive).length },
          { heading: 'Origins', cell: ({ origins }) => lines(origins) },
          {
            heading: 'Orders of accounts',
            cell: ({ provisionUrl }) => (provisionUrl === undefined ? '–' : 'yes'),
          },
        ],
      })
}`,
  });
}

function lines(texts: readonly string[]): Html {
  if (texts.length === 0) return html`<span class="muted">none</span>`;
  return html`${texts.map((text, index) => html`${index > 0 && html`<br>`}${text}`)}`;
}

/** Whether anything is taken from it. */
export function stateBadge({ disabled }: Pick<Provider, 'disabled'>): Html {
  return disabled ? badge('wait', 'Disabled') : badge('good', 'Enabled');
}

const noTexts: ProviderTexts = {
  name: '',
  origins: '',
  minimumLevel: 'unsigned',
  provisionUrl: '',
  isIdempotent: false,
  isDisabled: false,
};

interface FormParts {
  texts: ProviderTexts;
  key: string;
  ending: string;
  errors: FieldErrors;
}

function sendForm(
  reply: FastifyReply,
  { texts, key, ending, errors }: FormParts,
  status = 200,
): FastifyReply {
  const { url } = reply.request;
  const title = 'Add a provider';
  return sendAreaPage(
    reply,
    {
      title: status === 200 ? title : `Error: ${title}`,
      content: html`<h1>${title}</h1>
${errorSummary(errors)}
<form method="post" action="${linkFrom(url, 'console/add-provider')}" class="card">
${basicFields(texts, errors)}
${textField({
  name: 'key',
  label: 'Partner key',
  hint: 'It stands in its pages. Made from the name where you leave it empty.',
  value: key,
  isCode: true,
  autocomplete: 'off',
  error: errors.key,
})}
<input type="hidden" name="ending" value="${ending}">
<div class="row"><button>Add the provider</button>
<a class="button plain" href="${linkFrom(url, 'console/providers')}">Cancel</a></div>
</form>`,
    },
    status,
  );
}
