import type { FastifyInstance } from 'fastify';
import { zoneOf } from '../../pages/zone.ts';
import { sendAreaPage } from '../../signin/areas.ts';
import { filtersOf, type Place, readPage, scopeOf, serveFiles, type ViewParts } from '../place.ts';
import { type ClickItem, clickListPage } from './listPage.ts';

const clicksPath = '/api/clicks';
const rowsOfPage = '50';
const styles = ['views/browser/views.css'];

/** `/console/clicks`, `/provider/clicks`: the uses of the marketplace's links. */
export function clickRoutes(app: FastifyInstance, place: Place, parts: ViewParts): void {
  const { area, identify } = place;
  const { store, lister } = parts;
  const path = `${area.path}/clicks`;
  serveFiles(app, place, parts, { page: 'clicks', path: clicksPath });

  app.get(`/${path}`, async (request, reply) => {
    const reader = await identify(request);
    const filters = filtersOf(request);
    const providers = reader.kind === 'operator' ? await store.listProviders() : undefined;
    const query = { limit: rowsOfPage, ...filters };
    const page = await readPage<ClickItem>(lister, clicksPath, scopeOf(reader), query);
    const zone = zoneOf(request);
    const purchases = `${area.path}/purchases`;
    const content = clickListPage({ request, path, purchases, zone, filters, providers, page });
    return sendAreaPage(reply, { title: 'Clicks', zone, content, styles });
  });
}
