import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Fields } from '../http/fields.ts';
import { linkFrom } from '../pages/link.ts';
import { zoneOf } from '../pages/zone.ts';
import { sendAreaPage } from '../signin/areas.ts';
import type { Guard } from '../signin/guard.ts';
import { actorOf, type ProviderReader } from '../signin/reader.ts';
import type { AuditStore } from '../store/audit.ts';
import type { Store } from '../store/store.ts';
import { readSetup, type SetupParts } from './setup.ts';
import { setupContent } from './setupPage.ts';
import {
  type MintParts,
  mintTestReferral,
  readTestReferral,
  siteOf,
  type TestReferral,
} from './testReferral.ts';

export interface SetupRoutesOptions extends SetupParts, MintParts {
  guard: Guard;
  store: AuditStore & Pick<Store, 'mintReferral' | 'readReferral'>;
}

type PageRequest = FastifyRequest<{ Querystring: Fields }>;
type FormRequest = FastifyRequest<{ Body: Record<string, string> | undefined }>;

/** `/provider`: where a provider begins, and sees what has arrived. */
export async function setupRoutes(app: FastifyInstance, options: SetupRoutesOptions): Promise<void> {
  const { guard, store, clock } = options;

  app.get('/provider', async (request: PageRequest, reply) => {
    const reader = await guard.provider(request);
    const { site, referral } = request.query;
    // By its id alone, which nobody else knows, lest a link lead to somebody else's site from here.
    const test = readTestReferral(store, reader.provider, referral);
    return await sendSetup(reply, reader, { entered: test && site, test });
  });

  app.get('/provider/setup.json', async (request, reply) => {
    const { lamps, causes } = await readSetup(options, await guard.provider(request));
    return await reply.send({ lamps, causes });
  });

  app.post('/provider/test-referral', async (request: FormRequest, reply) => {
    const reader = await guard.provider(request);
    const entered = request.body?.site ?? '';
    const site = siteOf(entered, reader.provider.origins);
    if (site === undefined) return await sendSetup(reply, reader, { entered, status: 400 });
    const referral = await mintTestReferral(options, reader.provider.id);
    await store.recordAudit({ at: clock(), actor: actorOf(reader), action: 'made a test referral' });
    const query = new URLSearchParams({ site, referral });
    return await reply.redirect(`${linkFrom(request.url, 'provider')}?${query}#test`, 303);
  });

  async function sendSetup(
    reply: FastifyReply,
    reader: ProviderReader,
    { entered, test, status }: { entered?: unknown; test?: TestReferral | undefined; status?: number },
  ): Promise<FastifyReply> {
    const { request } = reply;
    const { provider } = reader;
    const zone = zoneOf(request);
    const site = siteOf(entered, provider.origins);
    const content = setupContent({
      url: request.url,
      baseUrl: `${request.protocol}://${request.host}`,
      provider,
      setup: await readSetup(options, reader),
      zone,
      site,
      wrongSite: site === undefined && typeof entered === 'string' && entered !== '' ? entered : undefined,
      test,
      now: clock(),
    });
    const modules = ['pages/browser/copy.js', 'portal/browser/setup.js'];
    const styles = ['portal/browser/portal.css'];
    return sendAreaPage(reply, { title: 'Set up', zone, content, modules, styles }, status);
  }
}
