import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findPhp } from '../../tools/php.mjs';
import { findTool, wordPressFolder } from '../../tools/wordpress.mjs';
import { readGuide } from '../provider/guides/support/guide.ts';
import { findFreePort } from '../support/freePort.ts';

const root = resolve(import.meta.dirname, '../..');
const runFile = promisify(execFile);

/** A real WordPress, on a database of its own; `admin` and `reader` sign in with `password`. */
export interface WordPress {
  origin: string;
  /** The plugin's zip, made of the packed package by the guide's commands. */
  zip: string;
  /** Deletes the plugin's data, as WordPress does; resolves to the options that are left of it. */
  uninstall(): Promise<string[]>;
  /** What PHP has complained of in the plugin's files. */
  complaints(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Starts MariaDB and PHP's own web server, with all that they write in a folder of its own. */
export async function startWordPress(): Promise<WordPress> {
  const [php, mariadbd] = [findPhp(), findTool('mariadbd')];
  if (!php || !mariadbd) throw new Error('not there: node tools/setup.mjs --tests --soak');
  const folder = await mkdtemp(join(tmpdir(), 'onramp-wordpress-'));
  const [socket, data, content] = ['socket', 'data', 'content'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await cp(join(import.meta.dirname, 'content'), content, { recursive: true });
  await mkdir(join(content, 'plugins'));
  await copyFile(join(import.meta.dirname, 'wp-config.php'), join(wordPressFolder, 'wp-config.php'));

  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  await mkdir(data);
  const database = startProcess(mariadbd, [
    '--no-defaults',
    `--datadir=${data}`,
    `--socket=${socket}`,
    '--skip-networking',
    // Without accounts: whoever may open the socket, and it needs no tables of its own.
    '--skip-grant-tables',
    '--innodb-flush-log-at-trx-commit=0',
    ...user,
  ]);
  await database.until(() => connects({ path: socket }));

  const port = await findFreePort();
  const origin = `http://localhost:${port}`;
  const env = {
    ...process.env,
    ONRAMP_WORDPRESS_SOCKET: socket,
    ONRAMP_WORDPRESS_CONTENT: content,
    ONRAMP_WORDPRESS_ORIGIN: origin,
    HTTP_HOST: `localhost:${port}`,
  };
  const runScript = (name: string) =>
    runFile(php, [join(import.meta.dirname, name), wordPressFolder], { env });
  await runFile(php, [
    '-r',
    "(new mysqli('localhost', 'root', '', '', 0, $argv[1]))->query('create database wordpress');",
    socket,
  ]);
  await runScript('install.php');
  const web = startProcess(php, ['-S', `127.0.0.1:${port}`, '-t', wordPressFolder], env);
  await web.until(() => connects({ port, host: '127.0.0.1' }));

  return {
    origin,
    zip: await zipPlugin(folder),
    async uninstall() {
      const { stdout } = await runScript('uninstall.php');
      return JSON.parse(stdout);
    },
    async complaints() {
      const log = await readFile(join(content, 'debug.log'), 'utf8').catch(() => '');
      return log.split('\n').filter((line) => line.includes('onramp-pixel'));
    },
    async stop() {
      await web.end();
      await database.end();
      await rm(folder, { recursive: true });
    },
  };
}

async function zipPlugin(folder: string): Promise<string> {
  await runFile('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
  const { commands } = await readGuide('guides/wordpress');
  await runFile('sh', ['-ec', commands.join('\n')], { cwd: folder });
  return join(folder, 'package/src/wordpress/onramp-pixel.zip');
}

/** A server that runs until it is ended. */
function startProcess(command: string, args: string[], env = process.env) {
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  return {
    /** Resolves when it listens. */
    async until(listens: () => Promise<boolean>) {
      while (!(await listens())) {
        if (child.exitCode !== null) throw new Error(`${command} ended before it listened:\n${said}`);
      }
    },
    async end() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function connects(address: { path: string } | { port: number; host: string }): Promise<boolean> {
  const socket = connect(address);
  const connected = await once(socket, 'connect').then(
    () => true,
    () => new Promise<false>((later) => setTimeout(later, 50, false)),
  );
  socket.destroy();
  return connected;
}
