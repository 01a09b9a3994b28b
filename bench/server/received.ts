import { gunzipSync } from 'node:zlib';

/** A request as the collector got it. */
export interface Received {
  method: string;
  url: URL;
  headers: NodeJS.Dict<string | string[]>;
  body: Buffer;
}

/**
 * The fields of a query string or of a form's body; the query's come first. Whatever the type says: a beacon of
 * plain text is a form as well to the servers of those who send it.
 */
export function fieldsOf({ url, body }: Received): URLSearchParams {
  const fields = new URLSearchParams(url.search);
  for (const [name, value] of new URLSearchParams(body.toString())) fields.append(name, value);
  return fields;
}

/** One field of a multipart form, which is what a beacon of FormData is. */
export function multipartField({ body }: Received, name: string): string | undefined {
  return new RegExp(`name="${name}"\r\n\r\n([\\s\\S]*?)\r\n--`).exec(body.toString())?.[1];
}

/** The text of a body that may be compressed. */
export function textOf({ body }: Received): string {
  const isGzip = body[0] === 0x1f && body[1] === 0x8b;
  return (isGzip ? gunzipSync(body) : body).toString();
}

/**
 * Undefined where the text isn't an object or a list in JSON: scripts send much else besides conversions, so the
 * shape is a hope.
 */
export function parseJson<Shape>(text: string | null | undefined): Shape | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Shape) : undefined;
  } catch {
    return undefined;
  }
}
