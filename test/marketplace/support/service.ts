import { onTestFinished } from 'vitest';
import { createApp } from '../../../src/marketplace/app.ts';
import type { KnownTime } from '../../../src/marketplace/ledger/knownTime.ts';
import { defaultLimits } from '../../../src/marketplace/limits/limits.ts';
import { createMetrics } from '../../../src/marketplace/metrics.ts';
import { createSecret } from '../../../src/marketplace/providers/secret.ts';
import type { Surroundings } from '../../../src/marketplace/provisioning/provisioning.ts';
import { createLister, type Lister } from '../../../src/marketplace/reading/lister.ts';
import { loadScript } from '../../../src/marketplace/script.ts';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import type { Spool } from '../../../src/marketplace/store/spool.ts';
import type { Store } from '../../../src/marketplace/store/store.ts';
import { defaultMaxWaiting } from '../../../src/marketplace/store/writer.ts';
import type { Level } from '../../../src/wire/fields.ts';
import { createDatabase } from './database.ts';
import { type AtEnd, panelSource, scriptSource, temporaryFolder, writeScript } from './files.ts';
import { bearer, signed } from './purchase.ts';
import { usage } from './subscription.ts';

/** The moment at which every test's clock starts. */
export const startMs = Date.parse('2026-05-04T12:00:00Z');
export const hourMs = 3_600_000;

export type Json = Record<string, unknown>;
export type Fields = Record<string, string | number | boolean | object | null | undefined>;
export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
}

/**
 * The service in this process, listening on a free port, with a clock that stands still until it is moved. On a database
 * of its own, or as one more instance on that of another.
 */
export async function startService({
  wrapStore = (store: Store) => store,
  surroundings = {} as Surroundings,
  limits = defaultLimits,
  trustedProxies = 0,
  maxWaiting = defaultMaxWaiting,
  database: shared = undefined as string | undefined,
  script = scriptSource,
  openLister = (_database: string, store: Store): Lister => createLister(store),
  atEnd = onTestFinished as AtEnd,
  requestTimeoutMs = undefined as number | undefined,
  knownTime = undefined as KnownTime | undefined,
  spool = undefined as Spool | undefined,
  // A busy machine is no outage.
  maxLinkWaitMs = 30_000,
} = {}) {
  const metrics = createMetrics();
  const folder = await temporaryFolder(atEnd);
  const time = { now: startMs };
  const logLines: string[] = [];
  const database = shared ?? (await createDatabase({ atEnd }));
  const store = await openDatabase(database);
  const lister = openLister(database, store);
  const app = await createApp({
    store: wrapStore(store),
    lister,
    clock: () => time.now,
    ...(knownTime && { knownTime }),
    script: await loadScript(await writeScript(folder, 'onramp.js', script)),
    panel: await loadScript(await writeScript(folder, 'onramp_debug.js', panelSource)),
    log: { write: (line) => logLines.push(line) },
    surroundings,
    spool,
    maxLinkWaitMs,
    metrics,
    limits,
    trustedProxies,
    maxWaiting,
    requestTimeoutMs,
  });
  const baseUrl = await app.listen({ host: '127.0.0.1', port: 0 });
  atEnd(async () => {
    await app.close();
    await lister.close();
    await store.close();
  });

  async function send(path: string, init?: RequestInit): Promise<Answer> {
    const response = await fetch(baseUrl + path, { redirect: 'manual', ...init });
    const text = await response.text();
    // The answer to a HEAD has a type and no text.
    const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : { text } };
  }

  /** Sends the fields as JSON. */
  const post = (fields: Fields, headers: Record<string, string> = {}) =>
    send('/api/SaasTrackings', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(fields),
    });

  /** Sends a body as it is. */
  const postRaw = (body: BodyInit, contentType = 'application/json') =>
    send('/api/SaasTrackings', { method: 'POST', headers: { 'content-type': contentType }, body });

  /** Sends the fields as the picture's query; `picture` is its size, or empty where there is none. */
  async function picture(fields: Fields, headers: Record<string, string> = {}) {
    const query = new URLSearchParams(
      Object.entries(fields).flatMap(([name, value]) => (value == null ? [] : [[name, String(value)]])),
    );
    const response = await fetch(`${baseUrl}/api/SaasTrackings.gif?${query}`, { headers });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isGif = bytes.subarray(0, 6).toString() === 'GIF89a';
    const size = isGif ? `${bytes.readUInt16LE(6)}x${bytes.readUInt16LE(8)}` : '';
    return { status: response.status, headers: response.headers, length: bytes.length, picture: size };
  }

  /** Reads a list back with the secret. */
  async function list(path: string, secret: string): Promise<Json[]> {
    const { status, body } = await send(path, { headers: bearer(secret) });
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body.items as Json[];
  }

  return {
    baseUrl,
    database,
    store,
    time,
    logLines,
    metrics,
    close: () => app.close(),
    /** The tree of its routes, as text. */
    printRoutes: () => app.printRoutes({ commonPrefix: false }),
    send,
    post,
    postRaw,
    picture,
    list,

    async addProvider({
      partnerKey = 'pk_acme',
      origins = ['https://acme.example'],
      minimumLevel = 'unsigned' as Level,
      disabled = false,
    } = {}) {
      const keys = createSecret(time.now);
      const { secret, keyId } = keys;
      await store.addProvider({ partnerKey, name: partnerKey, origins, minimumLevel, disabled }, keys);
      /** What tests send as pk_acme is sent as its own. */
      const own = (fields: Fields): Fields => {
        const { partnerKey: key = 'pk_acme' } = fields;
        return {
          ...fields,
          partnerKey: typeof key === 'string' ? key.replace(/\bpk_acme\b/, partnerKey) : key,
        };
      };
      return {
        partnerKey,
        secret,
        keyId,
        /** Sends the fields as its pages do, as JSON or as a picture. */
        post: (fields: Fields, headers?: Record<string, string>) => post(own(fields), headers),
        picture: (fields: Fields, headers?: Record<string, string>) => picture(own(fields), headers),
        postRaw: (body: string | URLSearchParams, contentType?: string) =>
          postRaw(String(body).replaceAll(/\bpk_acme\b/g, partnerKey), contentType),
        /** With its signature, of that moment or of now, or with one that is made by other keys. */
        sign: (fields: Fields, atMs = time.now, by = { keyId, secret }) => signed(own(fields), by, atMs),
        /** What it reads back. */
        rows: (query = '') => list(`/api/SaasTrackings${query}`, secret),
        rejections: (query = '') => list(`/api/rejections${query}`, secret),
        clicks: () => list('/api/clicks', secret),
        subscriptions: () => list('/api/subscriptions', secret),
        reports: (query = '') => list(`/api/subscriptions/reports${query}`, secret),
        page: (path: string) => send(path, { headers: bearer(secret) }),
        /** Reports usage as in 2017, the secret in the body. */
        report: (elements: Fields, headers: Record<string, string> = {}) =>
          send('/update-subscription/', {
            method: 'POST',
            headers,
            body: JSON.stringify({ ...usage, providerkey: secret, ...elements }),
          }),
        /** Its link /go/<name>. */
        async addListing(name: string, landingUrl = 'https://acme.example/') {
          const provider = await store.findProvider(partnerKey);
          await store.putListing({ name, providerId: provider?.id ?? 0, landingUrl });
        },
      };
    },
  };
}
export type Service = Awaited<ReturnType<typeof startService>>;
export type Provider = Awaited<ReturnType<Service['addProvider']>>;
