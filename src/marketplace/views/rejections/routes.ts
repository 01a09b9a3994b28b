import type { FastifyInstance, FastifyRequest } from 'fastify';
import { rejectionsPath } from '../../../wire/paths.ts';
import { HttpProblem } from '../../http/errors.ts';
import { isId } from '../../ledger/id.ts';
import { linkFrom } from '../../pages/link.ts';
import { zoneOf } from '../../pages/zone.ts';
import { refusedReasonsPath, rejectionsOf } from '../../reading/lists.ts';
import { sendAreaPage } from '../../signin/areas.ts';
import { actorOf, type PageReader } from '../../signin/reader.ts';
import type { RefusedReason, RejectionRow } from '../../store/rejections.ts';
import { createForesight, createReplay, type Replayed } from '../../tracking/replay.ts';
import {
  addressOf,
  type Filters,
  filterErrorsOf,
  filtersOf,
  type ListPage,
  type Place,
  readPage,
  scopeOf,
  serveFiles,
  type ViewParts,
} from '../place.ts';
import { type Counts, countResults, replayResults, sayCounts } from './foreseen.ts';
import { type RejectionItem, rejectionListPage } from './listPage.ts';
import { wordsFor } from './reasons.ts';
import { rejectionPage } from './rejectionPage.ts';
import { type ReplayChoice, replayPage } from './replayPage.ts';

type RowRequest = FastifyRequest<{ Params: { id: string } }>;
type FormRequest = FastifyRequest<{ Body: Record<string, string> | undefined }>;

const rowsOfPage = '50';
/** Replayed together: what one request can do in a second or two. */
const replayedAtOnce = 200;
const styles = ['views/browser/views.css'];

/** `/console/rejections`, `/provider/rejections`: what was refused and why, and its replay. */
export function rejectionRoutes(app: FastifyInstance, place: Place, parts: ViewParts): void {
  const { area, identify } = place;
  const { store, lister, clock } = parts;
  const path = `${area.path}/rejections`;
  const purchases = `${area.path}/purchases`;
  const foresee = createForesight(parts);
  const replayOne = createReplay(parts);
  serveFiles(app, place, parts, { page: 'rejections', path: rejectionsPath });

  app.get(`/${path}`, async (request, reply) => {
    const reader = await identify(request);
    const filters = filtersOf(request);
    const zone = zoneOf(request);
    const providers = reader.kind === 'operator' ? await store.listProviders() : undefined;
    const counted = await lister.read(refusedReasonsPath, scopeOf(reader), {});
    const reasons: RefusedReason[] = JSON.parse(Buffer.from(counted).toString());
    let page: ListPage<RejectionItem> = { items: [], next: null };
    let errors: Readonly<Record<string, string>> | undefined;
    try {
      const query: Filters = { limit: rowsOfPage, zone, ...filters };
      page = await readPage<RejectionItem>(lister, rejectionsPath, scopeOf(reader), query);
    } catch (error) {
      errors = filterErrorsOf(error);
      if (!errors) throw error;
    }
    const canReplay = mayReplay(reader);
    const content = rejectionListPage({
      request,
      path,
      zone,
      filters,
      providers,
      reasons,
      page,
      errors,
      canReplay,
    });
    return sendAreaPage(reply, { title: 'Rejections', zone, content, styles }, errors ? 400 : 200);
  });

  app.get(`/${path}/:id`, async (request: RowRequest, reply) => {
    const reader = await identify(request);
    const rejection = await findRejection(reader, request.params.id);
    const [foreseen] = mayReplay(reader) ? await foresee([rejection]) : [];
    const zone = zoneOf(request);
    const content = rejectionPage({ request, path, purchases, zone, rejection, foreseen });
    return sendAreaPage(reply, { title: wordsFor(rejection.reason).title, zone, content, styles });
  });

  app.post(`/${path}/:id/replay`, async (request: RowRequest, reply) => {
    const reader = await identify(request, 'replay');
    const rejection = await findRejection(reader, request.params.id);
    const replayed = await replayOne(rejection);
    await record(reader, rejection.partnerKey, [replayed]);
    const then =
      'row' in replayed
        ? `${purchases}/${replayed.row}`
        : replayed.result === 'refused'
          ? `${path}/${rejection.id}`
          : path;
    return await reply.redirect(linkFrom(request.url, then), 303);
  });

  app.get(`/${path}/replay`, async (request, reply) => {
    const reader = await identify(request, 'replay');
    const { reason = '', partnerKey, after, done } = filtersOf(request);
    const choice = { reason, partnerKey };
    const { rows, hasMore } = await findToReplay(reader, choice, after);
    const results = await foresee(rows);
    const foreseen = rows.flatMap((rejection, index) => {
      const result = results[index];
      return result ? [{ rejection, foreseen: result }] : [];
    });
    const zone = zoneOf(request);
    const content = replayPage({
      request,
      path,
      purchases,
      zone,
      choice,
      foreseen,
      after,
      hasMore,
      done: done === undefined ? undefined : readCounts(done),
    });
    return sendAreaPage(reply, { title: `Replay: ${wordsFor(reason).title}`, zone, content, styles });
  });

  app.post(`/${path}/replay`, async (request: FormRequest, reply) => {
    const reader = await identify(request, 'replay');
    const { reason = '', after, last = '', ...body } = request.body ?? {};
    const partnerKey = scopeOf(reader).provider?.partnerKey ?? body.partnerKey;
    const choice = { reason, partnerKey };
    const { rows } = await findToReplay(reader, choice, after);
    // Those of the preview: what has come since was not in it.
    const previewed = rows.filter(({ latestId }) => latestId <= last);
    const results: Replayed[] = [];
    for (const row of previewed) results.push(await replayOne(row));
    if (results.length > 0) await record(reader, partnerKey, results, reason);
    const done = writeCounts(countResults(results));
    // Those that were refused again stay in the list, before this place.
    const next = addressOf(`${path}/replay`, { ...choice, after: last, done });
    return await reply.redirect(linkFrom(request.url, next), 303);
  });

  /** @throws HttpProblem 404, also of another provider's */
  async function findRejection(reader: PageReader, id: string): Promise<RejectionRow> {
    const rejection = isId(id) ? await store.findRejection(id, scopeOf(reader).provider?.id) : undefined;
    if (rejection && (reader.kind === 'operator' || rejection.partnerKey === reader.provider.partnerKey)) {
      return rejection;
    }
    const detail = 'There is no such rejection: it was replayed, or is older than 30 days.';
    throw new HttpProblem({ status: 404, code: 'not_found', detail });
  }

  /** The oldest that were refused for the reason, behind that place: in the order in which they would have been stored. */
  async function findToReplay(
    reader: PageReader,
    { reason, partnerKey }: ReplayChoice,
    after: string | undefined,
  ) {
    const { provider } = scopeOf(reader);
    const rows = await store.listRejections({
      ...rejectionsOf(provider, partnerKey),
      reason,
      before: after !== undefined && isId(after) ? after : undefined,
      isOldestFirst: true,
      limit: replayedAtOnce + 1,
    });
    return { rows: rows.slice(0, replayedAtOnce), hasMore: rows.length > replayedAtOnce };
  }

  async function record(
    reader: PageReader,
    subject: string | undefined,
    results: readonly Replayed[],
    reason?: string,
  ): Promise<void> {
    await store.recordAudit({
      at: clock(),
      actor: actorOf(reader),
      action: 'replayed rejections',
      subject,
      detail: [reason, sayCounts(countResults(results))].filter(Boolean).join(': '),
    });
  }
}

function mayReplay(reader: PageReader): boolean {
  return reader.kind === 'operator' || reader.can.includes('replay');
}

/** As a page's address carries them, in the order of replayResults. */
function writeCounts(counts: Counts): string {
  return replayResults.map((result) => counts[result]).join('.');
}

function readCounts(text: string): Counts {
  const numbers = text.split('.').map((part) => (/^\d{1,6}$/.test(part) ? Number(part) : 0));
  const [created = 0, duplicate = 0, refused = 0, not_replayable = 0, forgotten = 0, gone = 0] = numbers;
  return { created, duplicate, refused, not_replayable, forgotten, gone };
}
