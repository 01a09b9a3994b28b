import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { allowOnly, notFound } from './http/errors.ts';
import type { ScriptStore } from './store/scripts.ts';

/** An hour fresh, so that a mended script spreads within it; a day more while the browser fetches it anew. */
const cacheCurrent = 'public, max-age=3600, stale-while-revalidate=86400';
/** A year: what stands at a versioned address never changes, and can be pinned by its hash. */
const cacheVersioned = 'public, max-age=31536000, immutable';
/** Five minutes: people look at it while they mend something, and it is loaded nowhere else. */
const cachePanel = 'public, max-age=300';

export interface ScriptRoutesOptions {
  script: Script;
  panel: Script;
  store: ScriptStore;
}

/**
 * `/onramp.js`, and beside it the address of each version that was ever served there, and the panel, which the script
 * finds beside itself.
 */
export async function scriptRoutes(app: FastifyInstance, options: ScriptRoutesOptions): Promise<void> {
  const { script: current, panel, store } = options;
  await store.keepScript(current.version, current.encoded.identity);
  const findScript = createScriptFinder(current, store);
  serve('/onramp.js', cacheCurrent, async () => current);
  serve('/onramp_debug.js', cachePanel, async () => panel);
  serve('/onramp-:version.js', cacheVersioned, findScript);

  function serve(
    url: string,
    cacheControl: string,
    find: (version: string) => Promise<Script | undefined>,
  ): void {
    allowOnly(app, url, ['GET', 'HEAD']);
    app.route<{ Params: { version: string } }>({
      method: ['GET', 'HEAD'],
      url,
      handler: async (request, reply) => {
        const script = await find(request.params.version);
        if (!script) throw notFound();
        reply.header('cache-control', cacheControl);
        return await sendScript(script, request, reply);
      },
    });
  }
}

async function sendScript(
  script: Script,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const encoding = bestEncoding(headers['accept-encoding']);
  const etag = `"${script.version}-${encoding}"`;
  reply.headers({
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    vary: 'Accept-Encoding',
    etag,
  });
  if (isKnown(headers['if-none-match'], etag)) return await reply.code(304).send();
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return await reply.type('text/javascript; charset=utf-8').send(script.encoded[encoding]);
}

function bestEncoding(accepted = ''): ScriptEncoding {
  const codings = accepted.split(',').map((coding) => coding.trim().toLowerCase());
  const usable = codings
    .filter((coding) => !/;\s*q=0(\.0*)?$/.test(coding))
    .map((coding) => coding.split(/\s*;/)[0]);
  return scriptEncodings.find((encoding) => usable.includes(encoding)) ?? 'identity';
}

/** Proxies that compress by themselves weaken the tag, so W/ is taken as well. */
function isKnown(ifNoneMatch = '', etag: string): boolean {
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

/** A script for pages, compressed once, in the forms in which it is sent. */
export interface Script {
  /** First 12 hex digits of its SHA-256: the name of this very version. */
  version: string;
  /** By Content-Encoding. */
  encoded: Readonly<Record<ScriptEncoding, Buffer>>;
}
const scriptEncodings = ['br', 'gzip', 'identity'] as const;
export type ScriptEncoding = (typeof scriptEncodings)[number];

/** @throws Error that says what to do when there is no such file */
export async function loadScript(path: string): Promise<Script> {
  const source = await readFile(path).catch((cause: unknown) => {
    throw new Error(`The script for pages cannot be read from ${path}. Build it with: npm run build`, {
      cause,
    });
  });
  return encodeScript(source);
}

function encodeScript(source: Buffer): Script {
  return {
    version: createHash('sha256').update(source).digest('hex').slice(0, 12),
    encoded: { br: brotliCompressSync(source), gzip: gzipSync(source, { level: 9 }), identity: source },
  };
}

/**
 * Finds a script by its version: the current one, and from the store every one that was served before it. Pages pin
 * a version by its hash, so its address has to live on after an upgrade.
 */
function createScriptFinder(
  current: Script,
  store: ScriptStore,
): (version: string) => Promise<Script | undefined> {
  const encoded = new Map([[current.version, current]]);

  return async (version) => {
    const known = encoded.get(version);
    if (known) return known;
    const source = await store.findScript(version);
    if (!source) return undefined;
    const script = encodeScript(source);
    encoded.set(version, script);
    return script;
  };
}
