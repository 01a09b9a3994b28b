import { updateSubscriptionPath } from '../../wire/paths.ts';
import { maxIdempotencyKeyLength } from '../../wire/subscription.ts';
import { schemas } from '../subscriptions/schemas.ts';
import { json, problems, tooLarge, tryAgain } from './answers.ts';
import { fieldsSchema } from './schema.ts';

const report = fieldsSchema(schemas, ['providerkey', 'coid', 'sku', 'expired'], {
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
        ...problems({
          400: '`errors` names every missing or wrong element',
          401: 'The secret is wrong, retired or missing, or the providerkey unknown',
          403: 'The provider is disabled',
          409: 'A report with this Idempotency-Key is being stored',
          422: 'This Idempotency-Key belongs to a report that says something else',
        }),
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
