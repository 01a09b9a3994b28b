import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../../http/errors.ts';
import { badge } from '../../pages/blocks.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { said } from '../../pages/said.ts';
import { table } from '../../pages/table.ts';
import { callTimeoutMs } from '../../provisioning/call.ts';
import { type Check, checkEndpoint, type Finding } from '../../provisioning/check.ts';
import { sendAreaPage } from '../../signin/areas.ts';
import type { Provider } from '../../store/providers.ts';
import { pageMeans } from '../means.ts';
import type { AdministrationOptions } from './options.ts';

/** `/console/providers/{key}/check`: calls the provider's endpoint, by which nothing can be ordered, and says what is wrong. */
export async function endpointCheckRoutes(
  app: FastifyInstance,
  { store, guard, clock }: AdministrationOptions,
): Promise<void> {
  const url = '/console/providers/:key/check';

  app.post(url, async (request: FastifyRequest<{ Params: { key: string } }>, reply) => {
    await guard.operator(request);
    const provider = await store.findProvider(request.params.key);
    if (!provider) throw notFound();
    const hasForm = (await store.findOrderFormOf(provider.id)) !== undefined;
    const timeoutMs = callTimeoutMs;
    return sendCheck(
      reply,
      provider,
      await checkEndpoint({ provider, means: pageMeans, hasForm, clock, timeoutMs }),
    );
  });
}

function sendCheck(
  reply: FastifyReply,
  { partnerKey, name, provisionUrl }: Provider,
  { findings, probes }: Check,
): FastifyReply {
  const back = linkFrom(reply.request.url, `console/providers/${partnerKey}`);
  const problems = findings.filter(({ severity }) => severity === 'problem');
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  return sendAreaPage(reply, {
    title: `Check of ${name}`,
    content: html`<p class="small"><a href="${back}">${said(name)}</a></p>
<h1>Check of the endpoint</h1>
<p class="lead">${provisionUrl === undefined ? 'There is no address to call.' : html`<span class="code">${provisionUrl}</span> was called, with nothing to order.`}</p>
${problems.length === 0 && html`<p>${badge('good', 'Fine')} Nothing keeps orders from it.</p>`}
${[...problems, ...warnings].map(findingCard)}
${probes.length > 0 && calls(probes)}
<p><a class="button plain" href="${back}">Back</a></p>`,
  });
}

function findingCard({ severity, detail, remedy }: Finding): Html {
  return html`<section class="card"><p>${severity === 'problem' ? badge('bad', 'Problem') : badge('wait', 'Warning')}</p>
<p><b>${said(detail)}</b></p>
<p>${said(remedy)}</p></section>`;
}

function calls(probes: Check['probes']): Html {
  return table<Check['probes'][number]>({
    caption: 'What was called, and what came of it',
    rows: probes,
    columns: [
      {
        heading: 'Call',
        kind: 'name',
        cell: ({ signature }) =>
          signature === 'wrong' ? 'Signed with a wrong secret' : 'Signed with a live secret',
      },
      {
        heading: 'Outcome',
        cell: ({ probe }) => ('status' in probe ? `answered ${probe.status}` : said(probe.failure.message)),
      },
      { heading: 'Took', kind: 'number', cell: ({ probe }) => `${probe.tookMs} ms` },
    ],
  });
}
