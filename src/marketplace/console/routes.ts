import type { FastifyInstance } from 'fastify';
import { type FiguresRoutesOptions, figuresRoutes } from './figuresRoutes.ts';
import { type LiveRoutesOptions, liveRoutes } from './liveRoutes.ts';
import { type OrderRoutesOptions, orderRoutes } from './orderRoutes.ts';
import { type SubscriptionRoutesOptions, subscriptionPageRoutes } from './subscriptionRoutes.ts';

export type ConsoleOptions = FiguresRoutesOptions &
  LiveRoutesOptions &
  OrderRoutesOptions &
  SubscriptionRoutesOptions;

/** The marketplace's dashboard; to be registered among pages that have been prepared: signin/framedPages.ts. */
export async function consoleRoutes(app: FastifyInstance, options: ConsoleOptions): Promise<void> {
  await app.register(figuresRoutes, options);
  await app.register(orderRoutes, options);
  await app.register(subscriptionPageRoutes, options);
  await app.register(liveRoutes, options);
}
