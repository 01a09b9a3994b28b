import type { Readable, Writable } from 'node:stream';

/** What the browser says of something that happened. */
export type Happening = Readonly<Record<string, unknown>>;

export type Listener = (happening: Happening, sessionId: string | undefined) => void;

/** A conversation with a browser, by the DevTools protocol: https://chromedevtools.github.io/devtools-protocol/ */
export interface DevTools {
  /** @throws Error when the browser refuses it, says nothing for 20 seconds, or has ended */
  send(method: string, parameters?: object, sessionId?: string): Promise<Happening>;
  /** Returns what ends it. */
  listen(method: string, listener: Listener): () => void;
}

const patienceMs = 20_000;

interface Waiting {
  resolve(result: Happening): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** Talks through a pair of pipes, on which each message is JSON that a zero ends. */
export function converse(input: Writable, output: Readable): DevTools {
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<string, Set<Listener>>();
  let lastId = 0;
  let rest = '';

  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    const [first = '', ...others] = chunk.split('\0');
    const messages = [rest + first, ...others];
    rest = messages.pop() ?? '';
    for (const message of messages) take(JSON.parse(message));
  });
  const end = () => {
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(new Error('the browser has ended'));
    }
    waiting.clear();
  };
  output.on('close', end);
  // A browser that has ended takes nothing more; whoever waits is told by the other pipe.
  input.on('error', () => undefined);
  output.on('error', () => undefined);

  function take(message: unknown): void {
    const id = read(message, 'id');
    const method = textAt(message, 'method');
    if (method) {
      const sessionId = textAt(message, 'sessionId');
      for (const listener of listeners.get(method) ?? []) listener(objectAt(message, 'params'), sessionId);
    }
    if (typeof id !== 'number') return;
    const asker = waiting.get(id);
    waiting.delete(id);
    clearTimeout(asker?.timer);
    const refusal = textAt(message, 'error', 'message');
    if (refusal) asker?.reject(new Error(refusal));
    else asker?.resolve(objectAt(message, 'result'));
  }

  return {
    send(method, parameters = {}, sessionId) {
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new Error(`the browser does not answer (${method})`));
        }, patienceMs);
        waiting.set(id, { resolve, reject, timer });
        input.write(
          `${JSON.stringify({ id, method, params: parameters, ...(sessionId && { sessionId }) })}\0`,
        );
      });
    },
    listen(method, listener) {
      const all = listeners.get(method) ?? new Set();
      listeners.set(method, all.add(listener));
      return () => all.delete(listener);
    },
  };
}

/** What stands there in something that the browser has said. */
export function read(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  );
}

export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = read(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: unknown, ...path: string[]): number | undefined {
  const found = read(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

function objectAt(value: unknown, name: string): Happening {
  const found = read(value, name);
  return typeof found === 'object' && found !== null ? { ...found } : {};
}
