import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProxy, type ProxyId } from '../../../tools/proxies.mjs';

/** A web server with a guide's configuration, in a folder of its own, at a port of loopback. */
export interface ProxyServer {
  /** Ends it, and removes its folder. */
  stop(): Promise<void>;
}

export interface ProxySettings {
  /** The guide's file, with loopback in place of the world. */
  configuration: string;
  port: number;
}

/** What a program needs beside the guide's file, and how it is started. */
const programs: Record<ProxyId, (folder: string, configuration: string) => { text: string; args: string[] }> =
  {
    nginx: (folder, configuration) => ({
      // What the package's own nginx.conf says, as far as it matters, with all that is written in the folder.
      text: `daemon off;
      ${process.getuid?.() === 0 ? 'user root;' : ''}
      pid ${folder}/nginx.pid;
      error_log stderr;
      events {}
      http {
        types { text/html html; }
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}
        ${configuration}
      }`,
      args: ['-e', 'stderr', '-c', join(folder, 'configuration')],
    }),
    caddy: (folder, configuration) => ({
      text: `{\n\tadmin off\n\tauto_https off\n}\n${configuration}`,
      args: ['run', '--adapter', 'caddyfile', '--config', join(folder, 'configuration')],
    }),
  };

/** Starts it; rejects with what it said when it ends before it listens. */
export async function startProxyServer(
  id: ProxyId,
  { configuration, port }: ProxySettings,
): Promise<ProxyServer> {
  const program = findProxy(id);
  if (!program) throw new Error(`${id} isn't there: node tools/setup.mjs --tests`);
  const folder = await mkdtemp(join(tmpdir(), `onramp-${id}-`));
  const { text, args } = programs[id](folder, configuration);
  await writeFile(join(folder, 'configuration'), text);
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder },
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`${id} ended before it listened:\n${said}`);
  }
  return {
    async stop() {
      await end(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const connected = await once(socket, 'connect').then(
    () => true,
    () => new Promise<false>((later) => setTimeout(later, 20, false)),
  );
  socket.destroy();
  return connected;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
