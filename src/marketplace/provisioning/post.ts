import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { request as requestSecurely } from 'node:https';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { lookUpOnce } from './lookup.ts';

/** A longer answer isn't read. */
const maxAnswerBytes = 64 * 1024;

export interface PostParts {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** For all of it, the answer's last byte included, in milliseconds. */
  timeoutMs: number;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /**
   * The whole body, decompressed; undefined where it is longer than 64 KiB.
   *
   * @throws PostError where it breaks off or doesn't come in time
   */
  read(): Promise<Buffer | undefined>;
  /** Ends the connection. */
  close(): void;
}

/**
 * How far a request came that has failed. Nothing was sent before `answer`; from then on nobody knows whether it
 * arrived.
 */
export type PostStage = 'lookup' | 'connect' | 'tls' | 'answer';

/** Why there is no answer, without anything that was sent or received. */
export class PostError extends Error {
  readonly stage: PostStage;
  /** Of Node or OpenSSL; undefined where the time was up. */
  readonly code: string | undefined;

  constructor(stage: PostStage, code: string | undefined, message: string) {
    super(message);
    this.stage = stage;
    this.code = code;
  }
}

/**
 * Posts once, on a connection of its own: one that is used again can close under the request, and then nobody knows
 * whether it arrived. Not by fetch, which doesn't tell how far it came: here not a byte is sent, or could be, before the
 * connection stands and its certificate is accepted. Redirects are answers like others.
 *
 * @throws PostError where no answer came
 */
export async function post({ url, headers, body, timeoutMs }: PostParts): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const { protocol } = new URL(url);
  const isSecure = protocol === 'https:';
  const options = {
    method: 'POST',
    headers: { ...headers, connection: 'close' },
    agent: false,
    lookup: lookUpOnce,
    signal,
  };
  const posting = (isSecure ? requestSecurely : request)(url, options);
  const progress: Progress = { stage: 'connect' };
  sendWhenConnected(posting, isSecure, body, progress);
  const failureOf = (error: unknown) => {
    const { stage } = progress;
    if (signal.aborted) return new PostError(stage, undefined, timeouts[stage](timeoutMs / 1000));
    const code = codeOf(error);
    const isLookup = propertyOf(error, 'syscall') === 'getaddrinfo';
    return new PostError(isLookup ? 'lookup' : stage, code, describe(code));
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    posting.once('response', resolve);
    // On, not once: an answer that isn't read any more may break as it likes.
    posting.on('error', (error) => reject(failureOf(error)));
    // An answer of 101 ends it without an error.
    posting.on('close', () => reject(failureOf(undefined)));
  });
  return answerOf(response, failureOf);
}

interface Progress {
  stage: Exclude<PostStage, 'lookup'>;
}

function sendWhenConnected(
  posting: ClientRequest,
  isSecure: boolean,
  body: string,
  progress: Progress,
): void {
  posting.once('socket', (socket) => {
    const send = () => {
      progress.stage = 'answer';
      posting.end(body);
    };
    if (!isSecure) {
      socket.once('connect', send);
      return;
    }
    socket.once('connect', () => {
      progress.stage = 'tls';
    });
    socket.once('secureConnect', send);
  });
}

function answerOf(response: IncomingMessage, failureOf: (error: unknown) => PostError): Answer {
  response.on('error', () => undefined);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    async read() {
      try {
        return await readAtMost(decompressed(response), maxAnswerBytes);
      } catch (error) {
        throw failureOf(error);
      } finally {
        response.destroy();
      }
    },
    close: () => void response.destroy(),
  };
}

/** Some servers compress whatever they are asked for. */
function decompressed(response: IncomingMessage): Readable {
  const coding = response.headers['content-encoding']?.trim().toLowerCase() ?? '';
  const decoder = decoders[coding]?.();
  if (!decoder) return response;
  response.on('error', (error) => decoder.destroy(error));
  return response.pipe(decoder);
}

const decoders: Readonly<Record<string, () => Readable & NodeJS.WritableStream>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

async function readAtMost(stream: Readable, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const timeouts: Readonly<Record<Progress['stage'], (seconds: number) => string>> = {
  connect: (seconds) => `no connection within ${seconds} s`,
  tls: (seconds) => `no encrypted connection within ${seconds} s`,
  answer: (seconds) => `no answer within ${seconds} s`,
};

/** What the codes of Node and OpenSSL mean to whoever reads the attempts of an order. */
const meanings: readonly (readonly [code: RegExp, meaning: string])[] = [
  [/^ECONNREFUSED$/, 'the connection was refused'],
  [/^ENOTFOUND$/, 'the host is not known'],
  [/^EAI_/, 'the host could not be looked up'],
  [/^E(HOST|NET)UNREACH$|^ETIMEDOUT$/, 'the host could not be reached'],
  [/^ECONNRESET$|^EPIPE$/, 'the connection broke'],
  [/^HPE_/, 'what it answered is not HTTP'],
  [/^CERT_HAS_EXPIRED$/, 'its certificate has expired'],
  [/^CERT_NOT_YET_VALID$/, 'its certificate is not valid yet'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'its certificate is for another host'],
  [/SELF_SIGNED/, 'its certificate is self-signed'],
  [
    /^UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)/,
    'its certificate comes without the ones between it and a known root',
  ],
  [
    /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/,
    'it does not speak TLS at that port',
  ],
];

function describe(code: string | undefined): string {
  if (code === undefined) return 'the connection failed';
  return meanings.find(([known]) => known.test(code))?.[1] ?? `the connection failed (${code})`;
}

/** Of a host with several addresses, what the first one said. */
function codeOf(error: unknown): string | undefined {
  const [first = error] = error instanceof AggregateError ? error.errors : [];
  return propertyOf(first, 'code');
}

function propertyOf(value: unknown, name: string): string | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'string' ? found : undefined;
}
