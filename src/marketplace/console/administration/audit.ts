import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toStoredText } from '../../../wire/text.ts';
import { emptyState } from '../../pages/blocks.ts';
import { textField } from '../../pages/fields.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { momentText } from '../../pages/moment.ts';
import { said } from '../../pages/said.ts';
import { table } from '../../pages/table.ts';
import { zoneOf } from '../../pages/zone.ts';
import { sendAreaPage } from '../../signin/areas.ts';
import type { AuditEntry } from '../../store/audit.ts';
import type { ActorKind } from '../../store/schema.ts';
import type { AdministrationOptions } from './options.ts';

const pageLength = 100;

/** `/console/audit`: who changed what, and when. */
export async function auditRoutes(
  app: FastifyInstance,
  { store, guard }: AdministrationOptions,
): Promise<void> {
  const url = '/console/audit';

  app.get(url, async (request: FastifyRequest<{ Querystring: Filters }>, reply) => {
    await guard.operator(request);
    const { before = '' } = request.query;
    const name = toStoredText(request.query.name?.trim() ?? '');
    const entries = await store.listAudit({
      limit: pageLength + 1,
      before: /^\d{1,15}$/.test(before) ? before : undefined,
      name: name === '' ? undefined : name,
    });
    const next = entries.length > pageLength ? entries[pageLength - 1]?.position : undefined;
    return sendAudit(reply, { entries: entries.slice(0, pageLength), name, next });
  });
}

interface Filters {
  before?: string;
  name?: string;
}

interface Page {
  entries: readonly AuditEntry[];
  /** Whose, or about whom; empty for all. */
  name: string;
  next: string | undefined;
}

const kinds: Readonly<Record<ActorKind, string>> = {
  operator: 'operator',
  provider: 'provider',
  command: '',
};

function sendAudit(reply: FastifyReply, { entries, name, next }: Page): FastifyReply {
  const { url } = reply.request;
  const own = linkFrom(url, 'console/audit');
  const zone = zoneOf(reply.request);
  return sendAreaPage(reply, {
    title: 'Audit trail',
    zone,
    content: html`<h1>Audit trail</h1>
<p class="lead">Who signed in and who changed what, for two years; the newest first.</p>
<form action="${own}" class="filters">
${textField({ name: 'name', label: 'Who, or about what', value: name, type: 'search', autocomplete: 'off' })}
<button>Show</button>
</form>
${entries.length === 0 ? nothing(name, own) : trail(entries, zone)}
${next !== undefined && html`<p><a class="button plain" href="${own}?${String(new URLSearchParams({ name, before: next }))}">Older</a></p>`}`,
  });
}

function nothing(name: string, own: string): Html {
  return name === ''
    ? emptyState('Nothing yet', html`<p>What operators and providers do on these pages will stand here.</p>`)
    : emptyState(
        'Nothing of that name',
        html`<p>Enter an operator’s name, a partner key or a listing’s name as it is written, or <a href="${own}">see everything</a>.</p>`,
      );
}

function trail(entries: readonly AuditEntry[], zone: string): Html {
  return table<AuditEntry>({
    caption: 'What was done',
    isCaptionUnseen: true,
    rows: entries,
    columns: [
      { heading: 'When', cell: ({ at }) => momentText(at, zone) },
      {
        heading: 'Who',
        cell: ({ actor }) => html`${said(actor.name)} <span class="muted small">${kinds[actor.kind]}</span>`,
      },
      { heading: 'What', kind: 'name', cell: ({ action }) => action },
      { heading: 'About', cell: ({ subject }) => (subject === undefined ? '–' : said(subject)) },
      { heading: 'In detail', cell: ({ detail }) => (detail === undefined ? '–' : said(detail)) },
    ],
  });
}
