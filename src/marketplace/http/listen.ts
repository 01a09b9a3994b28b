/** Thrown where an address can't be listened at; the code is the system's. */
export class ListenError extends Error {
  readonly host: string;
  readonly port: number;
  readonly code: string;

  constructor(cause: unknown, { host, port }: { host: string; port: number }) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.host = host;
    this.port = port;
    this.code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  }
}

/** @throws ListenError for what listening throws */
export async function listenAt<Result>(
  address: { host: string; port: number },
  listen: (address: { host: string; port: number }) => Promise<Result>,
): Promise<Result> {
  try {
    return await listen(address);
  } catch (error) {
    throw new ListenError(error, address);
  }
}
