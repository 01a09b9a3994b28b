import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a schema takes, before it transforms it, as JSON Schema. */
export function inputSchema(schema: z.ZodType): JsonSchema {
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
