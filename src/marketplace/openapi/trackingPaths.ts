import { trackingPath, trackingPicturePath } from '../../wire/paths.ts';
import { schemas } from '../intake/schemas.ts';
import { trackingsQuery } from '../reading/query.ts';
import { json, refusedAnswers, tooLarge, tryAgain } from './answers.ts';
import { list } from './readingPaths.ts';
import { fieldParameters, fieldsSchema } from './schema.ts';

const message = fieldsSchema(schemas, ['partnerKey'], {
  anyOf: [
    { required: ['serviceName', 'customerId', 'purchasedAt'] },
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
  },
};

const result = {
  'X-Tracking-Result': {
    description: '`created`, `duplicate` or `rejected; reason=…`',
    schema: { type: 'string' },
  },
};

const picture = { content: { 'image/gif': {} } };

/** Purchases, signups and visits. */
export const trackingPaths = {
  [trackingPath]: {
    post: {
      operationId: 'track',
      summary: 'Report a purchase, a signup or a visit',
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
        ...refusedAnswers(),
        ...tooLarge,
        ...tryAgain,
      },
    },
    get: {
      operationId: 'listTrackings',
      summary: 'Your purchases, signups and visits, newest first',
      security: [{ secret: [] }],
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
      parameters: fieldParameters(schemas, ['partnerKey']),
      responses: {
        200: { description: 'It is on disk', headers: result, ...picture },
        ...Object.fromEntries(
          Object.keys(refusedAnswers()).map((status) => [
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
