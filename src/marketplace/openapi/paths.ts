import type { z } from 'zod';
import {
  rejectionsPath,
  trackingPath,
  trackingPicturePath,
  updateSubscriptionPath,
} from '../../wire/paths.ts';
import { maxIdempotencyKeyLength } from '../../wire/subscription.ts';
import { figureCounts } from '../figures/figure.ts';
import { schemasOf } from '../http/fields.ts';
import { figuresPath } from '../reading/figures.ts';
import {
  figuresQuery,
  pageQuery,
  rejectionsQuery,
  reportsQuery,
  subscriptionsQuery,
  trackingsQuery,
} from '../reading/query.ts';
import { reportRefusals } from '../subscriptions/refusal.ts';
import { reportElements } from '../subscriptions/report.ts';
import { messageFields } from '../tracking/message.ts';
import { refusals } from '../tracking/refusal.ts';
import {
  fieldParameters,
  fieldsSchema,
  json,
  refusedAnswers,
  tooLarge,
  tryAgain,
  wrongParameters,
  wrongSecret,
} from './answers.ts';

/** Who reads back: a provider, or the marketplace. */
const readers = [{ secret: [] }, { operator: [] }];

const messageSchemas = schemasOf(messageFields);
const message = fieldsSchema(messageSchemas, ['partnerKey'], {
  anyOf: [
    {
      required: ['serviceName', 'customerId', 'purchasedAt'],
      properties: { event: { enum: ['purchase', 'signup'] } },
    },
    {
      required: ['event', 'serviceName', 'customerId', 'purchasedAt', 'orderId'],
      properties: { event: { const: 'renewal' } },
    },
    {
      required: ['event', 'serviceName', 'customerId', 'purchasedAt', 'orderId', 'amount', 'currency'],
      properties: { event: { const: 'refund' } },
    },
    { properties: { event: { const: 'visit' } }, required: ['event'] },
  ],
});

const receipt = {
  type: 'object',
  required: ['status', 'id'],
  properties: {
    status: { enum: ['created', 'duplicate'] },
    id: { type: 'string', format: 'uuid' },
    ignored: { type: 'array', items: { type: 'string' }, description: 'Fields that were wrong and left out' },
    purchase: { type: 'object', description: 'The stored row, for callers with a signature or the secret' },
    signup: { type: 'object', description: 'The same of a signup' },
    visit: { type: 'object', description: 'The same of a visit' },
    renewal: { type: 'object', description: 'The same of a renewal' },
    refund: { type: 'object', description: 'The same of a refund' },
  },
};

const result = {
  'X-Tracking-Result': {
    description: '`created`, `duplicate` or `rejected; reason=…`',
    schema: { type: 'string' },
  },
};

const picture = { content: { 'image/gif': {} } };

const csv = { 'text/csv': { schema: { type: 'string' } } };

const listPage = json('A page; as CSV, all of it, or as many rows as `limit` says', {
  type: 'object',
  required: ['items', 'next'],
  properties: {
    items: { type: 'array', items: { type: 'object' } },
    next: { type: ['string', 'null'], description: 'The `cursor` of the next page; null on the last' },
  },
});

/** What becomes of accounts, from the visit to the refund. */
export const trackingPaths = {
  [trackingPath]: {
    post: {
      operationId: 'track',
      summary: 'Report a purchase, a signup or a visit; with the secret a renewal or a refund, too',
      description: 'JSON whatever the content type says, or a form; at most 16 KiB.',
      security: [{}, { secret: [] }],
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: message },
          'application/x-www-form-urlencoded': { schema: message },
        },
      },
      responses: {
        200: { ...json('The same purchase was there before', receipt), headers: result },
        201: { ...json('It is on disk', receipt), headers: result },
        204: { description: 'The answer to a probe; nothing was stored', headers: result },
        ...refusedAnswers(refusals),
        ...tooLarge,
        ...tryAgain,
      },
    },
    get: {
      operationId: 'listTrackings',
      summary: 'Your purchases, signups, visits, renewals and refunds, newest first',
      security: readers,
      ...list(trackingsQuery),
    },
  },
  [trackingPicturePath]: {
    get: {
      operationId: 'trackByPicture',
      summary: 'The same fields as query parameters, answered with a picture',
      description:
        '3 + n wide and 1 high: it is on disk, now or before. 1 wide and 3 + n high: refused for good. No picture: try ' +
        'again. n is the time in `sent`, else in `clock`, in milliseconds and modulo 1000; 0 without either. ' +
        'Unless `event` is `visit`, `serviceName`, `customerId` and `purchasedAt` are required.',
      security: [{}, { secret: [] }],
      parameters: fieldParameters(messageSchemas, ['partnerKey']),
      responses: {
        200: { description: 'It is on disk', headers: result, ...picture },
        ...Object.fromEntries(
          Object.keys(refusedAnswers(refusals)).map((status) => [
            status,
            { description: 'Refused for good', headers: result, ...picture },
          ]),
        ),
        429: { description: 'Too many requests; empty', headers: tryAgain[429].headers },
        503: { description: 'Nothing can be stored at the moment; empty', headers: tryAgain[503].headers },
      },
    },
    head: {
      operationId: 'probePicture',
      summary: 'Stores nothing',
      responses: { 200: { description: 'The service answers' } },
    },
  },
};

const report = fieldsSchema(schemasOf(reportElements), ['providerkey', 'coid', 'sku', 'expired'], {
  description: '`expired-date` is required when `expired` is true.',
});

const stored = {
  type: 'object',
  required: ['status', 'id', 'period', 'subscription'],
  properties: {
    status: { const: 'created' },
    id: { type: 'string', format: 'uuid' },
    period: { type: 'string' },
    subscription: {
      type: 'object',
      required: ['coid', 'sku', 'status'],
      properties: {
        coid: { type: 'string' },
        sku: { type: 'string' },
        status: { enum: ['active', 'terminated'] },
        expiredDate: { type: 'string', format: 'date-time' },
        count: { type: 'string', description: "The period's count, as decimal text" },
      },
    },
    ignored: { type: 'array', items: { type: 'string' } },
  },
};

function updating(operationId: string) {
  return {
    post: {
      operationId,
      summary: "Report a customer's subscription: whether it goes on, and what was used",
      description:
        '`providerkey` is the secret, or the partner key beside the secret in the Authorization header. JSON whatever ' +
        'the content type says, or a form; at most 16 KiB.',
      security: [{}, { secret: [] }],
      parameters: [
        {
          name: 'Idempotency-Key',
          in: 'header',
          description: 'The same over all tries of one report; for 7 days the first answer is given again',
          schema: { type: 'string', minLength: 1, maxLength: maxIdempotencyKeyLength },
        },
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: report },
          'application/x-www-form-urlencoded': { schema: report },
        },
      },
      responses: {
        201: {
          ...json('It is on disk', stored),
          headers: {
            'Idempotent-Replayed': { description: 'It was there before', schema: { const: 'true' } },
          },
        },
        ...refusedAnswers(reportRefusals),
        ...tooLarge,
        ...tryAgain,
      },
    },
  };
}

/** Both spellings of the article of 2017. */
export const subscriptionPaths = {
  [updateSubscriptionPath]: updating('updateSubscription'),
  '/update-subscriptions/': updating('updateSubscriptions'),
};

/** Parameters and answers of a list, with the schema that checks its query. */
export function list(query: z.ZodObject) {
  return {
    parameters: fieldParameters(query.shape, []),
    responses: {
      200: { ...listPage, content: { ...listPage.content, ...csv } },
      ...wrongParameters,
      ...wrongSecret,
      ...tryAgain,
    },
  };
}

function reading(operationId: string, summary: string, query: z.ZodObject) {
  return { get: { operationId, summary, security: readers, ...list(query) } };
}

/** A list as a file for spreadsheets, of all its rows. */
function file(operationId: string, query: z.ZodObject) {
  const { parameters, responses } = list(query);
  const file = {
    description: 'All rows, or as many as `limit` says; UTF-8 with a byte order mark',
    content: csv,
  };
  const answers = { ...responses, 200: file };
  const summary = 'The same as a file for spreadsheets';
  return { get: { operationId, summary, security: readers, parameters, responses: answers } };
}

const count = { type: 'integer' };
const decimal = { type: 'string', description: 'An exact decimal in major units' };
const figures = {
  type: 'object',
  required: ['from', 'to', 'zone', 'by', 'items'],
  properties: {
    from: { type: 'string', format: 'date-time' },
    to: { type: 'string', format: 'date-time' },
    zone: { type: 'string' },
    by: { type: 'array', items: { type: 'string' } },
    items: {
      type: 'array',
      items: {
        type: 'object',
        description: 'With the groups that were asked for',
        properties: {
          ...Object.fromEntries(figureCounts.map((name) => [name, count])),
          copies: { type: 'object', properties: { both: count, server: count, browser: count } },
          money: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                currency: { type: 'string' },
                gross: decimal,
                refunded: decimal,
                net: decimal,
                believed: decimal,
              },
            },
          },
        },
      },
    },
  },
};

const figuresAnswers = {
  ...list(figuresQuery),
  responses: {
    ...list(figuresQuery).responses,
    200: {
      description: 'What was added up, a group an item',
      content: { 'application/json': { schema: figures }, ...csv },
    },
  },
};

/** What a provider reads back of its own. */
export const readingPaths = {
  [figuresPath]: {
    get: {
      operationId: 'readFigures',
      summary: 'Clicks, visits, signups, purchases and money, exactly',
      security: readers,
      ...figuresAnswers,
    },
  },
  [`${figuresPath}.csv`]: file('saveFigures', figuresQuery),
  [rejectionsPath]: reading('listRejections', 'What was refused, and why', rejectionsQuery),
  '/api/clicks': reading('listClicks', 'Uses of your links at the marketplace', pageQuery),
  '/api/subscriptions': reading('listSubscriptions', 'Subscriptions as reported', subscriptionsQuery),
  '/api/subscriptions/reports': reading('listReports', 'Every report of a subscription', reportsQuery),
  '/api/orders': reading('listOrders', 'Orders of accounts, and their attempts', pageQuery),
  '/api/SaasTrackings.csv': file('saveTrackings', trackingsQuery),
  '/api/rejections.csv': file('saveRejections', rejectionsQuery),
  '/api/clicks.csv': file('saveClicks', pageQuery),
  '/api/subscriptions.csv': file('saveSubscriptions', subscriptionsQuery),
  '/api/subscriptions/reports.csv': file('saveReports', reportsQuery),
  '/api/orders.csv': file('saveOrders', pageQuery),
};
