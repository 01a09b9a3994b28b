import type { FastifyInstance, FastifyRequest } from 'fastify';
import { trackingPath } from '../../../wire/paths.ts';
import { HttpProblem } from '../../http/errors.ts';
import { isId } from '../../ledger/id.ts';
import { zoneOf } from '../../pages/zone.ts';
import { sendAreaPage } from '../../signin/areas.ts';
import {
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
import { type PurchaseItem, purchaseListPage, shownEvent } from './listPage.ts';
import { purchasePage } from './purchasePage.ts';
import { readStory } from './story.ts';

type RowRequest = FastifyRequest<{ Params: { id: string } }>;

const rowsOfPage = '50';
const styles = ['views/browser/views.css'];

/** `/console/purchases`, `/provider/purchases`: what was reported, and the story of each. */
export function purchaseRoutes(app: FastifyInstance, place: Place, parts: ViewParts): void {
  const { area, identify } = place;
  const { store, lister } = parts;
  const path = `${area.path}/purchases`;
  const defaults = { event: shownEvent };
  serveFiles(app, place, parts, { page: 'purchases', path: trackingPath, defaults });

  app.get(`/${path}`, async (request, reply) => {
    const reader = await identify(request);
    const filters = filtersOf(request);
    const zone = zoneOf(request);
    const providers = reader.kind === 'operator' ? await store.listProviders() : undefined;
    const query: Filters = { ...defaults, limit: rowsOfPage, zone, ...filters };
    let page: ListPage<PurchaseItem> = { items: [], next: null };
    let errors: Readonly<Record<string, string>> | undefined;
    try {
      page = await readPage<PurchaseItem>(lister, trackingPath, scopeOf(reader), query);
    } catch (error) {
      errors = filterErrorsOf(error);
      if (!errors) throw error;
    }
    const content = purchaseListPage({ request, path, zone, filters, providers, page, errors });
    return sendAreaPage(reply, { title: 'Purchases', zone, content, styles }, errors ? 400 : 200);
  });

  app.get(`/${path}/:id`, async (request: RowRequest, reply) => {
    const reader = await identify(request);
    const { id } = request.params;
    const story = isId(id) ? await readStory(store, id) : undefined;
    // Of another provider's rows not even that they are there is told.
    if (!story || (reader.kind === 'provider' && story.row.partnerKey !== reader.provider.partnerKey)) {
      throw new HttpProblem({ status: 404, code: 'not_found', detail: 'There is no such row.' });
    }
    const zone = zoneOf(request);
    const content = purchasePage({ request, path, zone, reader, story });
    return sendAreaPage(reply, { title: 'Purchase', zone, content, styles });
  });
}
