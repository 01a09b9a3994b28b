import type { FieldError, Problem } from './error.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The JSON object that a text is; undefined for anything else. */
export function parseObject(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An error answer as a problem, RFC 9457; undefined when it is no JSON object. Nothing in it is trusted to be there. */
export function readProblem(text: string): Problem | undefined {
  const fields = parseObject(text);
  if (!fields) return undefined;
  const { type, title, status, detail, errors, requestId } = fields;
  return {
    type: textOf(type),
    title: textOf(title),
    status: typeof status === 'number' ? status : undefined,
    detail: textOf(detail),
    errors: Array.isArray(errors) ? errors.filter(isObject).map(readFieldError) : undefined,
    requestId: textOf(requestId),
  };
}

function readFieldError({ pointer, code, detail }: JsonObject): FieldError {
  return { pointer: textOf(pointer) ?? '', code: textOf(code) ?? '', detail: textOf(detail) ?? '' };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
