import { addressOf } from '../settings/settings.ts';

/** What was read from an address. */
export interface Fetched {
  /** Where the redirects ended. */
  url: URL;
  status: number;
  headers: Headers;
  text: string;
  /** All addresses on the way, the named one first and the last one last. */
  hops: readonly URL[];
}

/** Why an address could not be read, in a sentence. */
export class UnreadableError extends Error {
  override name = 'UnreadableError';
}

const maxHops = 10;
/** For the whole way, to the last byte. */
const patienceMs = 20_000;
const maxBytes = 5 * 1024 * 1024;

/**
 * Reads an address as a visitor who follows its redirects: at most ten, 20 seconds, 5 MB.
 *
 * @throws UnreadableError
 */
export async function fetchText(address: URL, headers: Record<string, string> = {}): Promise<Fetched> {
  const signal = AbortSignal.timeout(patienceMs);
  const hops = [withoutCredentials(address)];
  const cookies = createCookies();
  // Credentials in the address are for its own origin.
  const authorization = basicOf(address);
  let url = hops[0] ?? address;
  try {
    while (true) {
      const isFirst = url.origin === address.origin;
      const response = await fetch(url, {
        redirect: 'manual',
        signal,
        headers: { ...headers, ...cookies.of(url), ...(authorization && isFirst && { authorization }) },
      });
      cookies.take(url, response.headers);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || !location) {
        return {
          url,
          status: response.status,
          headers: response.headers,
          text: await readText(response),
          hops,
        };
      }
      await response.body?.cancel();
      if (hops.length > maxHops)
        throw new UnreadableError(`${nameOf(address)} redirects more than ${maxHops} times.`);
      const next = addressOf(location, url);
      if (!next) throw new UnreadableError(`${nameOf(url)} redirects to what is no address.`);
      url = withoutCredentials(next);
      if (!/^https?:$/.test(url.protocol)) {
        throw new UnreadableError(
          `${nameOf(address)} leads to an address that is no page (${url.protocol}).`,
        );
      }
      hops.push(url);
    }
  } catch (error) {
    if (error instanceof UnreadableError) throw error;
    throw new UnreadableError(explain(error, url), { cause: error });
  }
}

/** Sites lead round and round who doesn't bring back what they set on the way; each host gets its own. */
function createCookies() {
  const jars = new Map<string, Map<string, string>>();
  return {
    take({ hostname }: URL, headers: Headers): void {
      const jar = jars.get(hostname) ?? new Map<string, string>();
      jars.set(hostname, jar);
      for (const line of headers.getSetCookie()) {
        const [, name, value] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
        if (name !== undefined && value !== undefined) jar.set(name.trim(), value.trim());
      }
    },
    of({ hostname }: URL): { cookie?: string } {
      const pairs = [...(jars.get(hostname) ?? [])].map(([name, value]) => `${name}=${value}`);
      return pairs.length > 0 ? { cookie: pairs.join('; ') } : {};
    },
  };
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    // The rest is not looked at; leaving the loop ends the transfer.
    if (length > maxBytes) break;
  }
  const bytes = Buffer.concat(chunks).subarray(0, maxBytes);
  return decoderFor(charsetOf(response.headers, bytes)).decode(bytes);
}

/** As browsers look for it: a byte order mark, the header, a meta element in the first 1024 bytes. */
function charsetOf(headers: Headers, bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const named = /charset\s*=\s*["']?\s*([\w-]+)/i;
  const meta = /<meta\s[^>]*>/gi;
  const places = [
    headers.get('content-type') ?? '',
    ...(bytes.toString('latin1', 0, 1024).match(meta) ?? []),
  ];
  return places.map((text) => named.exec(text)?.[1]).find((charset) => charset) ?? 'utf-8';
}

function decoderFor(charset: string) {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

function basicOf({ username, password }: URL): string | undefined {
  if (!username && !password) return undefined;
  const credentials = `${decode(username)}:${decode(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** A percent sign that begins no octet stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function withoutCredentials(address: URL): URL {
  const plain = new URL(address);
  plain.username = '';
  plain.password = '';
  return plain;
}

/** The address as it may be shown: without credentials, query and fragment. */
export function nameOf({ origin, pathname }: URL): string {
  return origin + pathname;
}

/** By the codes of Node's errors. */
const faults: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such host is known.',
  EAI_AGAIN: 'the name of the host cannot be looked up at the moment.',
  ECONNREFUSED: 'nothing listens there.',
  ECONNRESET: 'the server ended the connection.',
  UND_ERR_SOCKET: 'the server ended the connection.',
  CERT_HAS_EXPIRED: 'its certificate has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host.',
  HPE_INVALID_CONSTANT: 'what answers does not speak HTTP.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: is it an http:// address?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS: is it an http:// address?',
};
const selfSigned = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY|GET)_\w+)$/;

function explain(error: unknown, url: URL): string {
  const name = nameOf(url);
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `${name} cannot be read: no whole answer came within ${patienceMs / 1000} seconds.`;
  }
  const code = codeOf(error);
  if (selfSigned.test(code)) {
    return `${name} cannot be read: its certificate is self-signed or of an authority that this machine does not know. Name it: NODE_EXTRA_CA_CERTS=your-ca.pem npx onramp-doctor …`;
  }
  return `${name} cannot be read: ${faults[code] ?? `the connection failed${code && ` (${code})`}.`}`;
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : '';
}
