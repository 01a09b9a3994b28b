import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import { chartModule, chartStyles } from '../pages/chart.ts';
import { linkFrom } from '../pages/link.ts';
import { zoneOf } from '../pages/zone.ts';
import type { Lister } from '../reading/lister.ts';
import { sendAreaPage } from '../signin/areas.ts';
import type { Guard } from '../signin/guard.ts';
import type { Store } from '../store/store.ts';
import { serveFigureFiles } from '../views/figures/files.ts';
import { readOverview } from '../views/figures/overview.ts';
import { createFiguresReader } from '../views/figures/read.ts';
import { type FiguresView, figuresQuery, readView, toViewQuery } from '../views/figures/view.ts';
import { listConcerns } from './attention.ts';
import { coveragePage } from './coveragePage.ts';
import { readLosses } from './losses.ts';
import { overviewPage } from './overviewPage.ts';
import type { QuietWatch } from './quietWatch.ts';
import { readConcerns } from './readConcerns.ts';

export const figuresStyles = ['views/browser/figures.css', ...chartStyles];
export const liveModule = 'pages/browser/live.js';

/** What the marketplace breaks figures down by: campaigns first, which come and go. */
const by = ['campaign', 'listing', 'partnerKey', 'service'] as const;

const marketplace = { provider: undefined };

export interface FiguresRoutesOptions {
  store: Pick<Store, 'listProviders' | 'listListings' | 'countStuckOrders' | 'listOrderQueue'>;
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

  function viewOf(request: FastifyRequest, usual: Readonly<Record<string, string>> = {}): FiguresView {
    const query = { ...usual, ...toViewQuery(request.query) };
    return readView(query, { zone: zoneOf(request), now: clock(), by });
  }

  app.get('/console', async (request, reply) => {
    await guard.operator(request);
    const { url } = request;
    const now = clock();
    const view = viewOf(request);
    const providers = await store.listProviders();
    const choices = { by, providers };
    const { partnerKey } = view.filters;
    const providerId = providers.find((provider) => provider.partnerKey === partnerKey)?.id;
    const [overview, concerns, losses] = await Promise.all([
      readOverview(readFigures, view),
      readConcerns({ store, lister, quietWatch, now, providers }),
      readLosses({ store, lister, view, providerId }),
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
        losses,
      }),
    });
  });

  app.get('/console/coverage', async (request, reply) => {
    await guard.operator(request);
    const { url } = request;
    const view = viewOf(request, { period: '90d' });
    const [providers, { items }] = await Promise.all([
      store.listProviders(),
      readFigures(figuresQuery(view, view.period, ['partnerKey', 'week'])),
    ]);
    return sendAreaPage(reply, {
      title: 'Coverage',
      zone: view.zone,
      styles: figuresStyles,
      content: coveragePage({
        view,
        choices: { by, providers },
        figures: items,
        overviewLink: linkFrom(url, 'console'),
        figuresLink: linkFrom(url, 'console/figures'),
      }),
    });
  });
}
