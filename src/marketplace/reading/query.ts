import { z } from 'zod';
import { events, levels, verdicts } from '../../wire/fields.ts';
import { isPeriod } from '../../wire/subscription.ts';
import { toComparedText, toStoredText } from '../../wire/text.ts';
import { parseTime } from '../../wire/time.ts';
import { isDate, isZone, startOfDate } from '../figures/calendar.ts';
import { groups, timeGroups } from '../figures/figure.ts';
import { HttpProblem } from '../http/errors.ts';
import { isKeptReason, keptReasons } from '../tracking/refusal.ts';

const defaultLimit = 100;
const maxLimit = 1_000;

/** Compared with what is stored, so in its form. */
const storedText = z.string().transform((text) => toStoredText(text.trim()));
const comparedText = z.string().transform(toComparedText);

const page = {
  partnerKey: storedText
    .describe('of this provider; whoever reads with its secret reads no other')
    .optional(),
  limit: z
    .string()
    .regex(/^\d{1,9}$/, `must be a number from 1 to ${maxLimit}`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= maxLimit, `must be a number from 1 to ${maxLimit}`)
    .default(defaultLimit),
  cursor: z
    .union([z.literal(''), z.uuid('must be the next of an earlier answer')])
    .transform((cursor) => cursor || undefined)
    .optional(),
  zone: z
    .string()
    .refine(isZone, 'must be the name of a time zone, as Europe/Berlin')
    .describe(
      "whose midnights begin the days that filters name, and in which CSV has its times; JSON's are UTC",
    )
    .optional(),
};

/** A time as the store has it. */
export const moment = z
  .string()
  .transform((text) => parseTime(text.trim()))
  .refine((time) => time !== undefined, 'must be an ISO 8601 date or date-time, or epoch milliseconds');

/** Strict, since a misspelt filter would otherwise show everything. */
export const pageQuery = z.strictObject(page);
export const trackingsQuery = z.strictObject({
  ...page,
  event: z
    .string()
    .refine(
      (list) => list.split(',').every(isEvent),
      `must be one of ${events.join(', ')}, or several with commas`,
    )
    .transform((list) => events.filter((event) => list.split(',').includes(event)))
    .describe(`of these events, with commas between them: ${events.join(', ')}`)
    .optional(),
  customerId: comparedText.optional(),
  orderId: comparedText.optional(),
  serviceName: comparedText.optional(),
  referral: storedText.optional(),
  listing: storedText.describe('that came by this listing of the marketplace').optional(),
  campaign: storedText.describe('and by a link of this campaign').optional(),
  from: moment.describe('of what happened then or later').optional(),
  to: moment.describe('of what happened before').optional(),
  trust: z
    .enum(levels, `must be one of ${levels.join(', ')}`)
    .describe('of at least this level')
    .optional(),
  verdict: z.enum(verdicts, `must be one of ${verdicts.join(', ')}`).optional(),
  test: z
    .enum(['true', 'false'], 'must be true or false')
    .transform((test) => test === 'true')
    .describe('true: tests alone; false: all but tests')
    .optional(),
});

export const rejectionsQuery = z.strictObject({
  ...page,
  reason: z
    .string()
    .refine(isKeptReason, `must be one of ${keptReasons.join(', ')}`)
    .describe(`refused for this reason: ${keptReasons.join(', ')}`)
    .optional(),
  customerId: storedText.describe('that was sent').optional(),
  orderId: storedText.describe('that was sent').optional(),
  from: moment.describe('last seen then or later').optional(),
  to: moment.describe('last seen before').optional(),
});

const { partnerKey, zone } = page;
export const figuresQuery = z.strictObject({
  partnerKey,
  from: moment
    .describe('from then on, by quarters of an hour; from the first there is where it is left out')
    .optional(),
  to: moment.describe('and before then; to the last there is where it is left out').optional(),
  by: z
    .string()
    .transform((list) => list.split(',').filter((name) => name !== ''))
    .refine((names) => names.every(isGroup), `must be of ${groups.join(', ')}, with commas between them`)
    .refine(
      (names) => timeGroups.filter((time) => names.includes(time)).length < 2,
      `must have one of ${timeGroups.join(', ')} at most`,
    )
    .transform((names) => groups.filter((group) => names.includes(group)))
    .describe(`grouped by these, with commas between them: ${groups.join(', ')}`)
    .default([]),
  zone: zone.default('UTC'),
  service: comparedText.optional(),
  listing: storedText.optional(),
  campaign: storedText.optional(),
});

const subscription = {
  ...page,
  coid: comparedText.optional(),
  sku: comparedText.optional(),
};
const month = z.string().refine(isPeriod, 'must be a month as YYYY-MM');
export const subscriptionsQuery = z.strictObject({
  ...subscription,
  missing: month
    .describe('of which nothing was reported for this month, though the customer has not left')
    .optional(),
});
export const reportsQuery = z.strictObject({
  ...subscription,
  period: month.optional(),
});

function isGroup(name: string): boolean {
  return groups.some((group) => group === name);
}

function isEvent(name: string): boolean {
  return events.some((event) => event === name);
}

/** @throws HttpProblem 400 that names every wrong parameter */
export function parseQuery<Query>(schema: z.ZodType<Query>, query: unknown): Query {
  const result = schema.safeParse(withDaysIn(query));
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          pointer: `/${key}`,
          code: 'unknown',
          detail: `${key} is not a parameter here`,
        }))
      : [
          {
            pointer: `/${issue.path.join('/')}`,
            code: 'invalid',
            detail: `${issue.path.join('.')} ${issue.message}`,
          },
        ],
  );
  const detail = `${errors.map((error) => error.detail).join('; ')}.`;
  throw new HttpProblem({ status: 400, code: 'invalid_parameters', detail, errors });
}

const daysOfZone = z.looseObject({ zone: z.string().refine(isZone) });

/** The query with the days that it names as the moments at which they begin in its zone; else they do in UTC. */
function withDaysIn(query: unknown): unknown {
  const { success, data } = daysOfZone.safeParse(query);
  if (!success) return query;
  const moments = ['from', 'to'].flatMap((name) => {
    const day = data[name];
    return typeof day === 'string' && isDate(day) ? [[name, String(startOfDate(day, data.zone))]] : [];
  });
  return { ...data, ...Object.fromEntries(moments) };
}

/** Cuts the row beyond the page off, which was read only to know whether there is a next page. */
export function pageOf<Row>(rows: readonly Row[], limit: number, positionOf: (row: Row) => string) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next = rows.length > limit && last ? positionOf(last) : null;
  return { items, next };
}
