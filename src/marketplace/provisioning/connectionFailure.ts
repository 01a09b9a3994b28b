/** What the common codes of Node and undici mean to whoever reads the attempts of an order. */
const meanings: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host is not known',
  EAI_AGAIN: 'the host could not be looked up',
  EHOSTUNREACH: 'the host could not be reached',
  ENETUNREACH: 'the host could not be reached',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the connection broke',
  HTTPParserError: 'what it answered is not HTTP',
};

const notConnected = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/**
 * Whether a failed fetch sent nothing: the name was not found or no connection came about, so that no account can
 * have been made. Of a host with several addresses, this holds when it holds for each. Everything else may have
 * reached the provider; a reset too, although the system can say "connect" of one that comes at once.
 */
export function isBeforeSending(error: unknown): boolean {
  const causes = causesOf(error);
  return causes.length > 0 && causes.every(isOfConnecting);
}

function isOfConnecting({ syscall, code = '' }: Cause): boolean {
  return (syscall === 'connect' || syscall === 'getaddrinfo') && notConnected.test(code);
}

/** Says what went wrong, without anything that was sent or received. */
export function describeFailure(error: unknown): string {
  const code = causesOf(error)
    .map((cause) => cause.code)
    .find((known) => known !== undefined);
  if (code === undefined) return 'the connection failed';
  return meanings[code] ?? `the connection failed (${code})`;
}

interface Cause {
  syscall: string | undefined;
  code: string | undefined;
}

/** Fetch throws a TypeError whose cause is the system's error, or an AggregateError of one for each address. */
function causesOf(error: unknown): Cause[] {
  const cause = error instanceof Error ? error.cause : undefined;
  const errors: unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return errors.map((one) => ({
    syscall: property(one, 'syscall'),
    code: property(one, 'code') ?? property(one, 'name'),
  }));
}

function property(value: unknown, name: string): string | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'string' ? found : undefined;
}
