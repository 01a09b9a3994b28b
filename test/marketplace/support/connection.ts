import { once } from 'node:events';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/** Sends the beginning of a request, or what is none. */
export async function beginRequest(baseUrl: string, beginning: string) {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect({ host: hostname, port: Number(port) });
  onTestFinished(() => void socket.destroy());
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk));
  await once(socket, 'connect');
  const ended = once(socket, 'end');
  socket.write(beginning);
  return {
    /** Sends the rest; resolves to all answers once the service ends the connection. */
    async finish(rest = ''): Promise<string> {
      socket.write(rest);
      await ended;
      return answer;
    },
    /** Sends a byte of it now and then, without an end. */
    async trickle(everyMs: number): Promise<string> {
      const timer = setInterval(() => socket.write('x'), everyMs);
      await ended.finally(() => clearInterval(timer));
      return answer;
    },
    /** Sends no more, though there should be more. */
    async breakOff(): Promise<string> {
      socket.end();
      await ended;
      return answer;
    },
  };
}
