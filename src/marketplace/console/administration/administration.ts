import type { FastifyInstance } from 'fastify';
import { auditRoutes } from './audit.ts';
import { endpointCheckRoutes } from './endpointCheck.ts';
import { listingRoutes } from './listings.ts';
import { operatorRoutes } from './operators.ts';
import type { AdministrationOptions } from './options.ts';
import { orderFormRoutes } from './orderForm.ts';
import { providerRoutes } from './provider.ts';
import { providerListRoutes } from './providerList.ts';

/** The pages by which operators keep providers, links, order forms and each other, so that nobody needs the command line. */
export async function administration(app: FastifyInstance, options: AdministrationOptions): Promise<void> {
  await app.register(providerListRoutes, options);
  await app.register(providerRoutes, options);
  await app.register(orderFormRoutes, options);
  await app.register(endpointCheckRoutes, options);
  await app.register(listingRoutes, options);
  await app.register(operatorRoutes, options);
  await app.register(auditRoutes, options);
}
