import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Ends the connections on which nothing was asked yet when the service closes. Node takes them for busy, and browsers
 * open some in advance: each closing would wait for its longest.
 */
export function endUnusedConnections(app: FastifyInstance): void {
  const open = new Set<Socket>();
  let isClosing = false;

  /** In the next turn, when what has arrived is read. */
  function endIfUnused(socket: Socket): void {
    setImmediate(() => {
      if (socket.bytesRead === 0) socket.destroy();
    });
  }

  app.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (isClosing) endIfUnused(socket);
  });
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const socket of open) endIfUnused(socket);
  });
}
