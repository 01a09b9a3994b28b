import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import { badge, postButton } from '../pages/blocks.ts';
import { html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';
import { momentText } from '../pages/moment.ts';
import { table } from '../pages/table.ts';
import { zoneOf } from '../pages/zone.ts';
import type { AuditStore } from '../store/audit.ts';
import type { Session, SessionStore } from '../store/sessions.ts';
import { areaOf, consoleArea, portalArea, sendAreaPage } from './areas.ts';
import { browserName } from './browserName.ts';
import type { Guard } from './guard.ts';
import { actorOf, ownerOf, type PageReader } from './reader.ts';

export interface SessionRoutesOptions {
  store: SessionStore & AuditStore;
  guard: Guard;
  clock: Clock;
}

/** `/console/sessions`, `/provider/sessions`: where somebody has signed in, and how to end it. */
export async function sessionRoutes(app: FastifyInstance, options: SessionRoutesOptions): Promise<void> {
  const { store, guard, clock } = options;
  serve(consoleArea.path, guard.operator);
  serve(portalArea.path, guard.provider);

  function serve(area: string, identify: (request: FastifyRequest) => Promise<PageReader>): void {
    const url = `/${area}/sessions`;

    app.get(url, async (request, reply) => {
      const reader = await identify(request);
      return sendSessionsPage(reply, reader, await listSessions(reader));
    });

    app.post<{ Body: Record<string, string> | undefined }>(`${url}/end`, async (request, reply) => {
      const reader = await identify(request);
      const id = request.body?.session ?? '';
      const isOwn = (await listSessions(reader)).some((session) => session.id === id);
      if (isOwn && (await store.endSession(id))) {
        await store.recordAudit({ at: clock(), actor: actorOf(reader), action: 'ended a session' });
      }
      return await reply.redirect(linkFrom(request.url, `${area}/sessions`), 303);
    });
  }

  /** All of an operator; of a provider those too that others of it have begun, for who may replace its secret. */
  async function listSessions(reader: PageReader): Promise<Session[]> {
    const sessions = await store.listSessions(ownerOf(reader), clock());
    const seesAll = reader.kind === 'operator' || reader.can.includes('rotate');
    return sessions.filter(({ id }) => seesAll || id === reader.sessionId);
  }
}

function sendSessionsPage(
  reply: FastifyReply,
  { sessionId }: PageReader,
  sessions: readonly Session[],
): FastifyReply {
  const { request } = reply;
  const zone = zoneOf(request);
  const action = linkFrom(request.url, `${areaOf(request.url).path}/sessions/end`);
  return sendAreaPage(reply, {
    title: 'Sessions',
    zone,
    content: html`<h1>Sessions</h1>
<p class="lead">The browsers in which you have signed in. A session ends by itself two weeks after it was last used. End one that you
don’t know, or no longer use.</p>
${table<Session>({
  caption: 'Where you have signed in',
  columns: [
    {
      heading: 'Browser',
      kind: 'name',
      cell: ({ id, browser }) =>
        html`${browserName(browser)}${id === sessionId && html` ${badge('good', 'This one')}`}`,
    },
    { heading: 'Signed in', cell: ({ createdAt }) => momentText(createdAt, zone) },
    { heading: 'Last seen', cell: ({ lastSeenAt }) => momentText(lastSeenAt, zone) },
    { heading: 'Ends by itself', cell: ({ expiresAt }) => momentText(expiresAt, zone) },
    {
      heading: 'End',
      cell: ({ id }) => postButton({ action, text: 'End session', hidden: { session: id } }),
    },
  ],
  rows: sessions,
})}`,
  });
}
