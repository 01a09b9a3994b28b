/**
 * The token of an Authorization header; undefined for none. A header of any other form, Basic among them, has the
 * empty token, which is nobody's secret: whoever sends a header means to prove something.
 */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  return /^\s*bearer\s+(\S+)\s*$/i.exec(authorization)?.[1] ?? '';
}
