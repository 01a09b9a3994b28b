import { describe, expect, test } from 'vitest';
import { createBrowser } from './support/browser.ts';
import { type CommandLine, createCommandLine } from './support/command.ts';
import { startService } from './support/service.ts';

const tokenOf = (link: string) => new URL(link).pathname.split('/').at(-1) ?? '';

describe('the first start of a service', () => {
  test('prints a link, and so does each until somebody has signed in', async () => {
    const line = await createCommandLine({ empty: true });
    const links: string[] = [];
    for (const _start of [1, 2]) {
      const started = await line.serve();
      const link = await started.said(/(http:\S+\/console\/sign-in\/[\w-]+)/);
      links.push(link);
      expect(link.startsWith(`${started.baseUrl}/console/sign-in/`)).toBe(true);
      await started.end('SIGTERM');
    }
    expect(await line.json('operator list')).toMatchObject([{ name: 'owner', signedInAt: null }]);

    const service = await startService({ database: line.database });
    // The links are of the machine's clock.
    service.time.now = Date.now();
    const browser = createBrowser(service);
    expect((await browser.post('/console/sign-in', { token: tokenOf(links[0] ?? '') })).status).toBe(303);
    // The other one, which stands in a log, has ended with it.
    expect((await browser.post('/console/sign-in', { token: tokenOf(links[1] ?? '') })).status).toBe(422);
    expect(await everythingSaid(line)).not.toContain('/sign-in/');
  });

  test('prints none where a command has added the operators', async () => {
    const line = await createCommandLine();
    await line.json('operator add ada');
    expect(await everythingSaid(line)).not.toContain('/sign-in/');
    expect(await line.json('operator list')).toMatchObject([{ name: 'ada' }]);
  });
});

/** What a service says when it starts, down to its last line. */
async function everythingSaid(line: CommandLine): Promise<string> {
  const started = await line.serve('--metrics-port', '0');
  const said = await started.said(/([\s\S]*metrics are at)/);
  await started.end('SIGTERM');
  return said;
}
