import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import { allowOnly } from '../http/errors.ts';
import { chartModule, chartStyles } from '../pages/chart.ts';
import { linkFrom } from '../pages/link.ts';
import { zoneOf } from '../pages/zone.ts';
import type { Lister } from '../reading/lister.ts';
import { sendAreaPage } from '../signin/areas.ts';
import type { Guard } from '../signin/guard.ts';
import type { Store } from '../store/store.ts';
import type { Choices } from '../views/figures/controls.ts';
import { serveFigureFiles } from '../views/figures/files.ts';
import { readOverview } from '../views/figures/overview.ts';
import { createFiguresReader } from '../views/figures/read.ts';
import { type FiguresView, figuresQuery, readView, toViewQuery } from '../views/figures/view.ts';
import { listConcerns } from './attention.ts';
import { coveragePage } from './coveragePage.ts';
import { overviewPage } from './overviewPage.ts';
import type { QuietWatch } from './quietWatch.ts';
import { readConcerns } from './readConcerns.ts';

export const figuresStyles = ['views/browser/figures.css', ...chartStyles];
export const liveModule = 'pages/browser/live.js';

/** What the marketplace breaks figures down by: campaigns first, which come and go. */
const by = ['campaign', 'listing', 'partnerKey', 'service'] as const;

const marketplace = { provider: undefined };

export interface FiguresRoutesOptions {
  store: Pick<Store, 'listProviders' | 'listListings' | 'countStuckOrders'>;
  lister: Lister;
  guard: Guard;
  clock: Clock;
  quietWatch: QuietWatch;
}

/** `/console`: the overview; `/console/coverage`; `/console/figures.csv` and `.json`. */
export async function figuresRoutes(app: FastifyInstance, options: FiguresRoutesOptions): Promise<void> {
  const { store, lister, guard, clock, quietWatch } = options;
  const readFigures = createFiguresReader(lister, marketplace);
  serveFigureFiles(app, 'console/figures', {
    lister,
    clock,
    identify: async (request) => {
      await guard.operator(request);
      return marketplace;
    },
  });
  for (const url of ['/console', '/console/coverage']) allowOnly(app, url, ['GET']);

  async function readChoices(): Promise<Choices> {
    return { by, providers: await store.listProviders() };
  }

  function viewOf(request: FastifyRequest, usual: Readonly<Record<string, string>> = {}): FiguresView {
    const query = { ...usual, ...toViewQuery(request.query) };
    return readView(query, { zone: zoneOf(request), now: clock(), by });
  }

  app.get('/console', async (request, reply) => {
    await guard.operator(request);
    const { url } = request;
    const now = clock();
    const view = viewOf(request);
    const choices = await readChoices();
    const hasProviders = choices.providers.length > 0;
    const [overview, concerns] = await Promise.all([
      readOverview(readFigures, view),
      readConcerns({ store, lister, quietWatch, now, hasProviders }),
    ]);
    return sendAreaPage(reply, {
      title: 'Overview',
      zone: view.zone,
      modules: [chartModule, liveModule],
      styles: figuresStyles,
      content: overviewPage({
        url,
        view,
        overview,
        choices,
        now,
        concerns: listConcerns(concerns),
        figuresLink: linkFrom(url, 'console/figures'),
        purchasesLink: linkFrom(url, 'console/purchases'),
      }),
    });
  });

  app.get('/console/coverage', async (request, reply) => {
    await guard.operator(request);
    const { url } = request;
    const view = viewOf(request, { period: '90d' });
    const [choices, { items }] = await Promise.all([
      readChoices(),
      readFigures(figuresQuery(view, view.period, ['partnerKey', 'week'])),
    ]);
    return sendAreaPage(reply, {
      title: 'Coverage',
      zone: view.zone,
      styles: figuresStyles,
      content: coveragePage({
        view,
        choices,
        figures: items,
        overviewLink: linkFrom(url, 'console'),
        figuresLink: linkFrom(url, 'console/figures'),
      }),
    });
  });
}
