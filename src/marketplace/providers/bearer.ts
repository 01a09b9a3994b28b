/** The token of a Bearer Authorization header; undefined for none and for other schemes, which aren't ours. */
export function bearerToken(authorization: string | undefined): string | undefined {
  const [scheme, token = ''] = (authorization ?? '').trim().split(/ +/, 2);
  return scheme?.toLowerCase() === 'bearer' ? token : undefined;
}
