import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import { zoneOf } from '../pages/zone.ts';
import type { Lister } from '../reading/lister.ts';
import { consoleArea, sendAreaPage } from '../signin/areas.ts';
import type { Guard } from '../signin/guard.ts';
import type { Store } from '../store/store.ts';
import { toViewQuery } from '../views/figures/view.ts';
import { readPage, serveFiles } from '../views/place.ts';
import { monthDue } from './attention.ts';
import { figuresStyles } from './figuresRoutes.ts';
import { type Subscription, subscriptionsPage } from './subscriptionsPage.ts';

const subscriptionsPath = '/api/subscriptions';
const filters = ['partnerKey', 'coid', 'sku', 'missing', 'cursor'] as const;

export interface SubscriptionRoutesOptions {
  store: Pick<Store, 'listProviders'>;
  lister: Lister;
  guard: Guard;
  clock: Clock;
}

/** `/console/subscriptions`: what providers report, and whose report is due. */
export async function subscriptionPageRoutes(
  app: FastifyInstance,
  { store, lister, guard, clock }: SubscriptionRoutesOptions,
): Promise<void> {
  serveFiles(
    app,
    { area: consoleArea, identify: guard.operator },
    { lister, clock },
    { page: 'subscriptions', path: subscriptionsPath },
  );

  app.get('/console/subscriptions', async (request, reply) => {
    await guard.operator(request);
    const asked = toViewQuery(request.query);
    const given = filters.flatMap((name) =>
      asked[name] === undefined ? [] : [[name, asked[name]] as const],
    );
    const query: Record<string, string> = Object.fromEntries(given);
    const [{ items, next }, providers] = await Promise.all([
      readPage<Subscription>(lister, subscriptionsPath, { provider: undefined }, query),
      store.listProviders(),
    ]);
    const zone = zoneOf(request);
    return sendAreaPage(reply, {
      title: 'Subscriptions',
      zone,
      styles: figuresStyles,
      content: subscriptionsPage({
        url: request.url,
        zone,
        query,
        monthDue: monthDue(clock()),
        subscriptions: items,
        next,
        providers,
      }),
    });
  });
}
