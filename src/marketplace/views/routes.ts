import type { FastifyInstance } from 'fastify';
import { consoleArea, portalArea } from '../signin/areas.ts';
import type { Guard } from '../signin/guard.ts';
import { clickRoutes } from './clicks/routes.ts';
import type { Place, ViewParts } from './place.ts';
import { purchaseRoutes } from './purchases/routes.ts';
import { rejectionRoutes } from './rejections/routes.ts';

export interface ViewRoutesOptions extends ViewParts {
  guard: Guard;
}

/** What operators and providers both look at, below `/console` and `/provider`. */
export async function viewRoutes(
  app: FastifyInstance,
  { guard, ...parts }: ViewRoutesOptions,
): Promise<void> {
  const places: Place[] = [
    { area: consoleArea, identify: guard.operator },
    { area: portalArea, identify: guard.provider },
  ];
  for (const place of places) {
    purchaseRoutes(app, place, parts);
    rejectionRoutes(app, place, parts);
    clickRoutes(app, place, parts);
  }
}
