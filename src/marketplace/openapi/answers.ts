import { z } from 'zod';

const problemRef = { $ref: '#/components/schemas/Problem' };

/** RFC 9457, as http/errors.ts writes it. */
export const problemSchema: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'requestId'],
  properties: {
    type: { type: 'string', description: 'urn:onramp:problem:<code>' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What went wrong, and what to do about it' },
    instance: { type: 'string' },
    requestId: { type: 'string', description: "Finds the request in the service's log" },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON Pointer to the field' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

const seconds = {
  'Retry-After': {
    description: 'Seconds until it may be sent again',
    schema: { type: 'integer', minimum: 1 },
  },
};

export function json(description: string, schema: JsonSchema) {
  return { description, content: { 'application/json': { schema } } };
}

function problem(description: string, headers = {}) {
  return { description, headers, content: { 'application/problem+json': { schema: problemRef } } };
}

export const wrongSecret = { 401: problem('The secret is missing, wrong or retired') };
export const wrongParameters = { 400: problem('`errors` names every wrong parameter') };
/** Nothing is known to be stored, and the same is to be sent again. */
export const tryAgain = {
  429: problem('Too many requests; nothing was stored', seconds),
  503: problem('Nothing can be stored at the moment; `detail` says why', seconds),
};
export const tooLarge = { 413: problem('The body is longer than 16 KiB') };

/** Why something is refused, by status: each code that its answer may have, and what that means. */
export function refusedAnswers(refusals: Readonly<Record<string, { status: number; title: string }>>) {
  const statuses = new Set(Object.values(refusals).map(({ status }) => status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const reasons = Object.entries(refusals).filter(([, refusal]) => refusal.status === status);
      return [status, problem(reasons.map(([reason, { title }]) => `\`${reason}\`: ${title}`).join('; '))];
    }),
  );
}

export function problems(descriptions: Readonly<Record<number, string>>) {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [status, problem(description)]),
  );
}

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a schema takes, before it transforms it, as JSON Schema. */
function inputSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, default: _standIn, ...input } = z.toJSONSchema(schema, { io: 'input' });
  return input;
}

/** An object of fields that are checked by a schema each. Others are ignored; null and empty text count as absent. */
export function fieldsSchema(
  schemas: Readonly<Record<string, z.ZodType>>,
  required: readonly string[],
  rest: JsonSchema = {},
): JsonSchema {
  const properties = Object.entries(schemas).map(([name, schema]) => [name, inputSchema(schema)]);
  return { type: 'object', properties: Object.fromEntries(properties), required, ...rest };
}

/** The fields as parameters of a query. */
export function fieldParameters(schemas: Readonly<Record<string, z.ZodType>>, required: readonly string[]) {
  return Object.entries(schemas).map(([name, schema]) => ({
    name,
    in: 'query',
    ...(required.includes(name) && { required: true }),
    schema: inputSchema(schema),
  }));
}
