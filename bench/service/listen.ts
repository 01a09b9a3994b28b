import type { Server } from 'node:http';

/** Listens at any free port of loopback and says where, in the words of the service's command. */
export function listen(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') process.stderr.write(`listens on http://127.0.0.1:${address?.port}\n`);
  });
}
