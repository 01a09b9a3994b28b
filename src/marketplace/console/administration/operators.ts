import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readName } from '../../administration/values.ts';
import { HttpProblem, notFound } from '../../http/errors.ts';
import { createOperatorToken, hashOfKey } from '../../operators/token.ts';
import { badge, copyable, notice, postButton } from '../../pages/blocks.ts';
import { errorSummary, type FieldErrors, textField } from '../../pages/fields.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { momentText } from '../../pages/moment.ts';
import { said } from '../../pages/said.ts';
import { table } from '../../pages/table.ts';
import { zoneOf } from '../../pages/zone.ts';
import { sendAreaPage } from '../../signin/areas.ts';
import { makeOperatorLink, operatorLinkMs } from '../../signin/links.ts';
import { unlessTaken } from '../../store/errors.ts';
import type { Operator } from '../../store/operators.ts';
import { type Body, Entered } from './entered.ts';
import { sendLinkPage } from './linkPage.ts';
import { type AdministrationOptions, recordChange } from './options.ts';

type OperatorsRequest = FastifyRequest<{ Body: Body; Querystring: { done?: string } }>;

/** `/console/operators`: who signs in here, and reads everything by the API. */
export async function operatorRoutes(app: FastifyInstance, options: AdministrationOptions): Promise<void> {
  const { store, guard, clock } = options;
  const url = '/console/operators';

  app.get(url, async (request: OperatorsRequest, reply) => {
    await guard.operator(request);
    return await sendOperators(reply, {
      entered: '',
      errors: {},
      done: doneTexts.get(request.query.done ?? ''),
    });
  });

  app.post(url, async (request: OperatorsRequest, reply) => {
    await guard.operator(request);
    const form = new Entered(request.body);
    const name = form.read('name', readName);
    const createdAt = clock();
    const id = name && (await store.addOperator({ name, createdAt }).catch(unlessTaken));
    if (name === undefined || typeof id !== 'number') {
      form.refuse('name', `There is an operator ${name} already.`);
      return await sendOperators(reply, { entered: form.text('name'), errors: form.errors }, 422);
    }
    await recordChange(request, options, { action: 'operator added', subject: name });
    return await sendLink(reply, { id, name });
  });

  app.post(`${url}/link`, async (request: OperatorsRequest, reply) => {
    await guard.operator(request);
    const operator = await findOperator(request);
    const subject = operator.name;
    await recordChange(request, options, { action: 'sign-in link made for operator', subject });
    return await sendLink(reply, operator);
  });

  app.post(`${url}/token`, async (request: OperatorsRequest, reply) => {
    await guard.operator(request);
    const { name } = await findOperator(request);
    const token = createOperatorToken();
    await store.changeOperatorToken(name, hashOfKey(token));
    await recordChange(request, options, { action: 'token made for operator', subject: name });
    return sendToken(reply, name, token);
  });

  app.post(`${url}/remove`, async (request: OperatorsRequest, reply) => {
    const { name: own } = await guard.operator(request);
    const { name } = await findOperator(request);
    if (name === own) {
      const detail = 'You can’t remove yourself: another operator can, or whoever has the command line.';
      throw new HttpProblem({ status: 400, code: 'own_operator', detail });
    }
    if (await store.removeOperator(name)) {
      await recordChange(request, options, { action: 'operator removed', subject: name });
    }
    return await reply.redirect(`${linkFrom(request.url, 'console/operators')}?done=removed`, 303);
  });

  async function findOperator({ body }: OperatorsRequest): Promise<Operator> {
    const operator = await store.findOperator(new Entered(body).text('name'));
    if (!operator) throw notFound();
    return operator;
  }

  async function sendLink(
    reply: FastifyReply,
    { id, name }: Pick<Operator, 'id' | 'name'>,
  ): Promise<FastifyReply> {
    const now = clock();
    const path = await makeOperatorLink(store, { id }, now);
    return sendLinkPage(reply, { name, path, expiresAt: now + operatorLinkMs, back: 'console/operators' });
  }

  async function sendOperators(
    reply: FastifyReply,
    { entered, errors, done }: { entered: string; errors: FieldErrors; done?: string | undefined },
    status = 200,
  ): Promise<FastifyReply> {
    const { request } = reply;
    const zone = zoneOf(request);
    const operators = await store.listOperators();
    const own = request.reader?.kind === 'operator' ? request.reader.name : undefined;
    const content = html`<h1>Operators</h1>
<p class="lead">Who signs in here. An operator sees and changes everything; a token of theirs reads the lists of all providers by the API.</p>
${done !== undefined && notice('good', html`<p>${done}</p>`)}
${errorSummary(errors)}
${operatorsTable(operators, { url: request.url, zone, own })}
<form method="post" action="${linkFrom(request.url, 'console/operators')}" class="card">
<h2>Add an operator</h2>
${textField({
  name: 'name',
  label: 'Name',
  hint: 'It stands in the audit trail beside what they do.',
  value: entered,
  required: true,
  autocomplete: 'off',
  error: errors.name,
})}<button>Add and make a sign-in link</button>
</form>`;
    const title = status === 200 ? 'Operators' : 'Error: Operators';
    return sendAreaPage(reply, { title, zone, content }, status);
  }
}

const doneTexts: ReadonlyMap<string, string> = new Map([
  ['removed', 'Removed. The token, all sessions and links have ended.'],
]);

function operatorsTable(
  operators: readonly Operator[],
  { url, zone, own }: { url: string; zone: string; own: string | undefined },
): Html {
  const action = (name: string) => linkFrom(url, `console/operators/${name}`);
  return table<Operator>({
    caption: 'All operators',
    isCaptionUnseen: true,
    rows: operators,
    columns: [
      {
        heading: 'Name',
        kind: 'name',
        cell: ({ name }) => html`${said(name)}${name === own && html` ${badge('good', 'You')}`}`,
      },
      { heading: 'Added', cell: ({ createdAt }) => momentText(createdAt, zone) },
      {
        heading: 'Signed in by a link',
        cell: ({ signedInAt }) => (signedInAt === undefined ? 'never' : momentText(signedInAt, zone)),
      },
      { heading: 'API token', cell: ({ hasToken }) => (hasToken ? 'yes' : 'none') },
      {
        heading: 'What can be done',
        cell: ({ name }) => html`<div class="row">
${postButton({ action: action('link'), text: 'Make a sign-in link', hidden: { name } })}
<details><summary>More</summary>
${postButton({ action: action('token'), text: 'Make a new API token', hidden: { name } })}
${name !== own && postButton({ action: action('remove'), text: html`Remove ${said(name)}`, hidden: { name }, kind: 'danger' })}
</details></div>`,
      },
    ],
  });
}

function sendToken(reply: FastifyReply, name: string, token: string): FastifyReply {
  return sendAreaPage(reply, {
    title: 'A new API token',
    modules: ['pages/browser/copy.js'],
    content: html`<h1>A new API token</h1>
<p class="lead">Of ${said(name)}. The one before has ended.</p>
${notice('wait', html`<p><b>The token is shown this once.</b> Whoever has it reads what all providers have reported.</p>`)}
<div class="card">${copyable('Token', token)}
<p>Programs send it along: <code>Authorization: Bearer &lt;token&gt;</code></p></div>
<p><a class="button plain" href="${linkFrom(reply.request.url, 'console/operators')}">Back to the operators</a></p>`,
  });
}
