import { once } from 'node:events';
import { createServer } from 'node:http';
import { createProvisionAccountHandler, type StoredAnswer, toNodeListener } from 'onramp-pixel/provider';
import type { Faults } from '../../faults.ts';
import { createAccounts, requiredFields } from './accounts.ts';
import type { Books } from './orders.ts';

/** As the marketplace was told it; the server answers at every path. */
export const provisionPath = '/provision-account/';

export interface Backend {
  isRunning(): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface BackendParts {
  port: number;
  secret: string;
  books: Books;
  faults: Faults;
}

/** Acme's server that the marketplace calls, with the kit as any provider would use it: on node:http. */
export function createBackend({ port, secret, books, faults }: BackendParts): Backend {
  // On disk at a real provider. Here they live as long as the accounts do, whether the server is up or down.
  const answers = new Map<string, StoredAnswer>();
  const handler = createProvisionAccountHandler({
    secret,
    required: requiredFields,
    answers: {
      get: (key) => answers.get(key),
      put: (key, answer) => answers.set(key, answer),
    },
    provision: createAccounts(books, faults),
  });

  const server = createServer((incoming, outgoing) => {
    const listener = toNodeListener(async (request) => {
      const response = await handler(request);
      // The account is made, and the line goes dead before the marketplace hears of it.
      if (faults.answers) incoming.socket.destroy();
      return response;
    });
    listener(incoming, outgoing).catch((error: unknown) => console.error(error));
  });

  return {
    isRunning: () => server.listening,
    async start() {
      if (server.listening) return;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    async stop() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
