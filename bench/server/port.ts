import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range that systems take ports for outgoing connections from: a bench opens many of those. */
const lowest = 20_000;
const highest = 32_767;

export async function freePort(): Promise<number> {
  for (let port = lowest; port <= highest; port++) if (await isFree(port)) return port;
  throw new Error(`no free port from ${lowest} to ${highest}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server.listen(port, '127.0.0.1'), 'listening').then(
    () => true,
    () => false,
  );
  if (!(await listening)) return false;
  await once(server.close(), 'close');
  return true;
}
