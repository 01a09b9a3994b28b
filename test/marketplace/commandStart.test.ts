import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import packageJson from '../../src/marketplace/package.json' with { type: 'json' };
import { createCommandLine } from './support/command.ts';
import { patience } from './support/patience.ts';

describe('under a Node that is too old', () => {
  test('the command runs itself under the pinned one, exit code and all', async () => {
    const line = await createCommandLine({ asNode: '20.0.0' });
    expect(await line.runProcess('provider list --json')).toMatchObject({ exitCode: 0, stdout: '[]\n' });
    expect(await line.runProcess('provider add')).toMatchObject({ exitCode: 2 });
  });

  test('a signal reaches the service', async () => {
    const line = await createCommandLine({ asNode: '20.0.0' });
    const { baseUrl, end } = await line.serve();
    expect(await end('SIGTERM')).toBe(0);
    await expect(fetch(`${baseUrl}/livez`)).rejects.toThrow();
  });

  test('the service ends with its parent, even where that is killed', async () => {
    const line = await createCommandLine({ asNode: '20.0.0' });
    const { baseUrl, end } = await line.serve();
    await end('SIGKILL');
    const answers = () =>
      fetch(`${baseUrl}/livez`).then(
        () => 'alive',
        () => 'gone',
      );
    await expect.poll(answers, patience).toBe('gone');
  });
});

test.each([
  ['22.17.1', 1],
  ['22.18.0', 0],
  ['23.5.0', 1],
  ['23.6.0', 0],
  ['24.0.0', 0],
])('Node %s, with no other to turn to, ends with %i', async (asNode, exitCode) => {
  const line = await createCommandLine({ asNode });
  const finished = await line.runProcess('--version', { ONRAMP_STARTED_BY_OLD_NODE: '1' });
  expect(finished.exitCode).toBe(exitCode);
  expect(finished).toMatchObject(
    exitCode === 0
      ? { stdout: `${packageJson.version}\n` }
      : { stderr: expect.stringContaining('needs Node 22.18, 23.6 or newer') },
  );
});

test('the command works as it is linked in node_modules/.bin', async () => {
  const linked = resolve(import.meta.dirname, '../../node_modules/.bin/onramp-marketplace');
  const { stdout } = await promisify(execFile)(linked, ['--help']);
  expect(stdout).toContain('A first run:');
});
