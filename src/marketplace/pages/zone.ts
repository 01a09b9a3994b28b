/** Of a request, as Fastify and @fastify/cookie have it. */
interface Asked {
  query: unknown;
  cookies: Readonly<Record<string, string | undefined>>;
}

/** Written by browser/zone.js. */
const cookieName = 'zone';

/** The time zone in which somebody reads: the page's `zone`, else the browser's own as a module has told it, else UTC. */
export function zoneOf({ query, cookies }: Asked): string {
  const named = typeof query === 'object' && query !== null && 'zone' in query ? query.zone : undefined;
  return [named, cookies[cookieName]].find(isTimeZone) ?? 'UTC';
}

/** Whether it names a time zone, Europe/Berlin for example. */
function isTimeZone(name: unknown): name is string {
  if (typeof name !== 'string' || name === '') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
