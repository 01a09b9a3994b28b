import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

export interface ProgramOptions {
  cwd: string;
  env: Record<string, string>;
}

/** Starts a server in a process of its own, which ends with the test; resolves to the address that it prints. */
export async function startProgram(command: string, args: string[], { cwd, env }: ProgramOptions) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => end(child));
  let said = '';
  const url = await new Promise<string>((found, failed) => {
    const read = (chunk: Buffer) => {
      said += chunk;
      const address = /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(said)?.[0];
      if (address) found(address.replace('localhost', '127.0.0.1'));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', failed);
    child.on('exit', () => failed(new Error(`it ended before it listened:\n${said}`)));
  });
  return { url, output: () => said };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((exited) => child.once('exit', exited));
  child.kill('SIGKILL');
  await exited;
}

/** Runs a program to its end. */
export function runProgram(command: string, args: string[], { cwd, env }: ProgramOptions) {
  return new Promise<{ exitCode: number | null; output: string }>((done) => {
    const child = execFile(
      command,
      args,
      { cwd, env: { ...process.env, ...env } },
      (_error, stdout, stderr) => done({ exitCode: child.exitCode, output: stdout + stderr }),
    );
  });
}
