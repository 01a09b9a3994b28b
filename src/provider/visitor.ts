/** What is used of a Request, or of node:http's IncomingMessage and what Express and Fastify make of it. */
export interface VisitorRequest {
  url?: string | undefined;
  headers: Headers | Readonly<Record<string, string | string[] | undefined>>;
  socket?: object | undefined;
}

/** A header's text; empty where it isn't there. */
export function headerOf({ headers }: VisitorRequest, name: string): string {
  const value = isHeaders(headers) ? headers.get(name) : headers[name];
  return value ? String(value) : '';
}

/** By what they can do: frameworks have Headers of their own. */
function isHeaders(headers: VisitorRequest['headers']): headers is Headers {
  return typeof headers.get === 'function';
}

/** Whether the visitor came by https, as the connection says or, where a proxy ends it and is trusted, as that says. */
export function isSecure(request: VisitorRequest, trustProxy: boolean): boolean {
  const forwarded = trustProxy ? headerOf(request, 'x-forwarded-proto') : '';
  if (forwarded) return /^\s*https\b/i.test(forwarded);
  const { url = '', socket } = request;
  return /^https:/i.test(url) || (socket !== undefined && 'encrypted' in socket && socket.encrypted === true);
}

/** Whether a person is shown the answer as a page. Browsers without Sec-Fetch-Dest say what they accept. */
export function isNavigation(request: VisitorRequest): boolean {
  const destination = headerOf(request, 'sec-fetch-dest');
  if (destination) return destination === 'document';
  return /text\/html|^$/.test(headerOf(request, 'accept'));
}

/** Whether the page is only fetched ahead, in case it is wanted. */
export function isAhead(request: VisitorRequest): boolean {
  return /prefetch|prerender/.test(headerOf(request, 'sec-purpose') + headerOf(request, 'purpose'));
}

/** The values of a name in the Cookie header: a cookie that was set for two domains comes twice. */
export function readCookies(request: VisitorRequest, name: string): string[] {
  return headerOf(request, 'cookie')
    .split(';')
    .flatMap((pair) => {
      const [found, ...value] = pair.trim().split('=');
      return found === name ? [value.join('=')] : [];
    });
}
