import { spawn } from 'node:child_process';

const frames = ['-', '\\', '|', '/'];

/** What a person can mend: shown as it stands, without a stack. */
export class SetupError extends Error {}

/**
 * Shows one step of the setup on one line: a spinner on a terminal, elsewhere a plain line now and then.
 * @param {string} name
 * @param {(report: (doing: string) => void) => Promise<string>} work resolves to what came out of it
 */
export async function step(name, work) {
  const terminal = process.stdout.isTTY;
  const started = performance.now();
  let doing = '';
  let frame = 0;
  /** @param {string} mark @param {string} text */
  const line = (mark, text) =>
    `${mark} ${name}: ${text} (${((performance.now() - started) / 1000).toFixed(1)} s)`;
  const show = () => {
    if (!terminal) console.log(line('…', doing));
    else process.stdout.write(`\r\x1b[2K${line(frames[frame++ % frames.length] ?? '', doing)}`);
  };
  /** @param {string} mark @param {string} text */
  const end = (mark, text) => console.log(`${terminal ? '\r\x1b[2K' : ''}${line(mark, text)}`);

  const timer = setInterval(() => doing && show(), terminal ? 100 : 10_000);
  try {
    const outcome = await work((text) => {
      doing = text;
      show();
    });
    end('✓', outcome);
  } catch (error) {
    end('✗', 'failed');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/**
 * Starts work that a later step shows, once what comes before it has ended.
 * @param {(report: (doing: string) => void) => Promise<string>} work
 * @param {{ outcome: Promise<unknown> }} [before]
 */
export function begin(work, before) {
  let doing = '';
  /** @type {(doing: string) => void} */
  let report = () => undefined;
  const outcome = Promise.resolve(before?.outcome).then(() =>
    work((text) => {
      doing = text;
      report(text);
    }),
  );
  // What went wrong is said by the step.
  outcome.catch(() => undefined);
  return {
    outcome,
    /** @param {(doing: string) => void} show */
    work: (show) => {
      report = show;
      if (doing) show(doing);
      return outcome;
    },
  };
}

/**
 * Runs a command to its end and keeps its output, for the case that it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ok: boolean, output: string}>}
 */
export function run(command, args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}
