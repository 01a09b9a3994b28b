import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

export interface ServerProcess {
  /** Sends it a signal; resolves when it has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Ends it and all processes that it has started by SIGKILL. On Linux only. */
  kill(): Promise<void>;
}

/**
 * Runs a PostgreSQL server; resolves when it takes connections. However this process ends, the server ends with
 * it, and its folder is deleted.
 *
 * @throws Error with what it said, where it ends before
 */
export async function runServer(
  command: string,
  args: readonly string[],
  { folder, user }: { folder: string; user: { uid?: number; gid?: number } },
): Promise<ServerProcess> {
  // Detached, for Ctrl-C is for the tests: they end the server when they are done with it.
  const child = spawn(command, args, {
    ...user,
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise<void>((done) => child.on('close', () => done()));
  await new Promise<void>((ready, failed) => {
    let said = '';
    child.stderr.on('data', (chunk) => {
      said = (said + chunk).slice(-10_000);
      if (said.includes('ready to accept')) ready();
    });
    child.on('error', failed);
    child.on('exit', () => failed(new Error(`PostgreSQL ended before it was ready:\n${said}`)));
    if (child.pid) guard(child.pid, folder, exited);
  });

  async function end(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal);
    await exited;
  }
  return {
    end,
    async kill() {
      // Stopped, it starts no more of them, and doesn't see them die.
      child.kill('SIGSTOP');
      const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
      const pids = children.split(' ').filter(Boolean).map(Number);
      await Promise.all([end('SIGKILL'), ...pids.map(killOther)]);
    },
  };
}

/** A shell that outlives this process, whose end it sees in its standard input. */
function guard(pid: number, folder: string, exited: Promise<void>): void {
  const script =
    'read -r _; kill -QUIT "$1"; for _ in $(seq 60); do kill -0 "$1" || break; sleep 0.1; done; rm -rf "$2"';
  const shell = spawn('sh', ['-c', script, 'sh', String(pid), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  void exited.then(() => shell.kill('SIGKILL'));
}

/** Kills a process that isn't our child; resolves when it has let go of what it held. */
async function killOther(pid: number): Promise<void> {
  const isAlive = () =>
    readFile(`/proc/${pid}/stat`, 'utf8').then(
      (stat) => !/\) [ZX] /.test(stat),
      () => false,
    );
  signalIfThere(pid, 'SIGKILL');
  while (await isAlive()) await pause(5);
}

/** Processes of a server end by themselves when they see that it is gone, which may be now. */
export function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
