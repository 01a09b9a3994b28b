import type { z } from 'zod';
import { pageQuery, reportsQuery, subscriptionsQuery } from '../reading/query.ts';
import { json, tryAgain, wrongParameters, wrongSecret } from './answers.ts';
import { fieldParameters } from './schema.ts';

/** Parameters and answers of a list, with the schema that checks its query. */
export function list(query: z.ZodObject) {
  return {
    parameters: fieldParameters(query.shape, []),
    responses: {
      200: json('A page', {
        type: 'object',
        required: ['items', 'next'],
        properties: {
          items: { type: 'array', items: { type: 'object' } },
          next: { type: ['string', 'null'], description: 'The `cursor` of the next page; null on the last' },
        },
      }),
      ...wrongParameters,
      ...wrongSecret,
      ...tryAgain,
    },
  };
}

function reading(operationId: string, summary: string, query: z.ZodObject) {
  return { get: { operationId, summary, security: [{ secret: [] }], ...list(query) } };
}

/** What a provider reads back of its own. */
export const readingPaths = {
  '/api/rejections': reading('listRejections', 'What was refused, and why', pageQuery),
  '/api/clicks': reading('listClicks', 'Uses of your links at the marketplace', pageQuery),
  '/api/subscriptions': reading('listSubscriptions', 'Subscriptions as reported', subscriptionsQuery),
  '/api/subscriptions/reports': reading('listReports', 'Every report of a subscription', reportsQuery),
  '/api/orders': reading('listOrders', 'Orders of accounts, and their attempts', pageQuery),
};
