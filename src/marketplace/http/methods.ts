import type { FastifyInstance } from 'fastify';

/** In the order in which they are told. */
const told = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

/** Returns what finds the methods that an address takes, by all routes that are added after this call. */
export function watchMethods(app: FastifyInstance): (url: string) => readonly string[] {
  const addresses = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    // What is there below a star, only its handler knows.
    if (url.endsWith('*')) return;
    const path = pathOf(url);
    const { methods } = addresses.get(path) ?? { methods: new Set<string>() };
    for (const each of [method].flat()) methods.add(each);
    addresses.set(path, { pattern: patternOf(path), methods });
  });
  return (url) => {
    const path = pathOf(url);
    const found = addresses.get(path) ?? [...addresses.values()].find(({ pattern }) => pattern.test(path));
    return told.filter((method) => found?.methods.has(method));
  };
}

/** As the router takes it: slashes that are one too many don't matter, see http/server.ts. */
function pathOf(url: string): string {
  const [path = ''] = url.split('?', 1);
  return path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}

function patternOf(path: string): RegExp {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replace(/:\w+/g, '[^/]+')}$`);
}
