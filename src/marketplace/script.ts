import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { type EncodedFile, encodeFile, sendFile } from './http/encodedFile.ts';
import { notFound } from './http/errors.ts';
import { unlessUnavailable } from './store/errors.ts';
import type { ScriptStore } from './store/scripts.ts';

/**
 * An hour fresh, so that a mended script spreads within it; a day more while the browser fetches it anew, and a week where a
 * cache before the service can't reach it.
 */
const cacheCurrent = 'public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800';
/** A year: what stands at a versioned address never changes, and can be pinned by its hash. */
const cacheVersioned = 'public, max-age=31536000, immutable';
/** Five minutes: people look at it while they mend something, and it is loaded nowhere else. */
const cachePanel = 'public, max-age=300, stale-if-error=86400';

/** How often a script is kept anew that the database hasn't taken, in milliseconds. */
const keepAgainMs = 1_000;

const javaScript = 'text/javascript; charset=utf-8';

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
  await keepNowOrLater(app, () => store.keepScript(current.version, current.source));
  const findScript = createScriptFinder(current, store);
  serve('/onramp.js', cacheCurrent, async () => current);
  serve('/onramp_debug.js', cachePanel, async () => panel);
  serve('/onramp-:version.js', cacheVersioned, findScript);

  function serve(
    url: string,
    cacheControl: string,
    find: (version: string) => Promise<Script | undefined>,
  ): void {
    app.route<{ Params: { version: string } }>({
      method: ['GET', 'HEAD'],
      url,
      handler: async (request, reply) => {
        const script = await find(request.params.version);
        if (!script) throw notFound();
        reply.headers({
          'cache-control': cacheControl,
          'access-control-allow-origin': '*',
          'cross-origin-resource-policy': 'cross-origin',
        });
        return await sendFile(script, { type: javaScript, request, reply });
      },
    });
  }
}

/** Where the database can't be written just now, the service starts all the same, and it is kept as soon as it can be. */
async function keepNowOrLater(app: FastifyInstance, keep: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let isClosing = false;
  async function attempt(): Promise<void> {
    try {
      await keep();
    } catch (error) {
      unlessUnavailable(error);
      if (!isClosing) timer = setTimeout(attemptAgain, keepAgainMs).unref();
    }
  }
  function attemptAgain(): void {
    attempt().catch((error) => app.log.error({ err: error }, 'the script could not be kept'));
  }
  app.addHook('onClose', async () => {
    isClosing = true;
    clearTimeout(timer);
  });
  await attempt();
}

/** A script for pages. */
export type Script = EncodedFile;

/** @throws Error that says what to do when there is no such file */
export async function loadScript(path: string): Promise<Script> {
  const source = await readFile(path).catch((cause: unknown) => {
    throw new Error(`The script for pages cannot be read from ${path}. Build it with: npm run build`, {
      cause,
    });
  });
  return encodeFile(source);
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
    const script = encodeFile(source);
    encoded.set(version, script);
    return script;
  };
}
