import type { FastifyInstance } from 'fastify';
import { type FiguresRoutesOptions, figuresRoutes } from './figuresRoutes.ts';
import { type KeysRoutesOptions, keysRoutes } from './keysRoutes.ts';
import { type ReconciliationRoutesOptions, reconciliationRoutes } from './reconciliationRoutes.ts';
import { type SetupRoutesOptions, setupRoutes } from './setupRoutes.ts';

export type PortalOptions = SetupRoutesOptions &
  FiguresRoutesOptions &
  ReconciliationRoutesOptions &
  KeysRoutesOptions;

/** `/provider`: a provider's own pages. */
export async function portalRoutes(app: FastifyInstance, options: PortalOptions): Promise<void> {
  await app.register(setupRoutes, options);
  await app.register(figuresRoutes, options);
  await app.register(reconciliationRoutes, options);
  await app.register(keysRoutes, options);
}
