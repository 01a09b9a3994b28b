import { describe, expect, test } from 'vitest';
import { createBrowser } from './support/browser.ts';
import { createCommandLine } from './support/command.ts';
import { bearer } from './support/purchase.ts';
import { startService } from './support/service.ts';

/** The path of a link into any service. */
const pathOf = (link: string) => new URL(link).pathname;
const tokenOf = (link: string) => pathOf(link).split('/').at(-1) ?? '';

/** A service whose clock is the commands' own. */
async function startBeside(database: string) {
  const service = await startService({ database });
  service.time.now = Date.now();
  return service;
}

describe('operator', () => {
  test('add prints a token that reads and a link that signs in; remove ends both at once', async () => {
    const line = await createCommandLine();
    await line.addProvider('pk_acme');
    const service = await startBeside(line.database);
    const { name, token, link } = await line.json('operator add ada');
    expect(name).toBe('ada');
    expect(token).toMatch(/^ot_[\w-]{43}$/);
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:4747\/console\/sign-in\/[\w-]{43}$/);
    const read = async () => (await service.send('/api/orders', { headers: bearer(token) })).status;
    expect(await read()).toBe(200);
    const browser = createBrowser(service);
    expect((await browser.get(pathOf(link))).text).toContain('ada');
    expect((await browser.post('/console/sign-in', { token: tokenOf(link) })).status).toBe(303);

    const other = await line.json('operator link ada');
    expect(await line.json('operator remove ada')).toEqual({ name: 'ada', removed: true });
    expect(await read()).toBe(401);
    expect((await browser.get('/console/sessions')).status).toBe(401);
    expect((await browser.post('/console/sign-in', { token: tokenOf(other.link) })).status).toBe(422);
  });

  test('list shows who there is, and no token', async () => {
    const line = await createCommandLine();
    const { token } = await line.json('operator add ada');
    const { stdout } = await line.run('operator list --json');
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'ada', signedInAt: null, hasToken: true }]);
    expect(stdout).not.toContain(token);
    const again = await line.run('operator add ada');
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('operator link')]);
    for (const command of ['link', 'remove']) {
      const { exitCode, stderr } = await line.run(`operator ${command} bob`);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('operator list')]);
    }
  });

  test('links lead to where people reach the service', async () => {
    const line = await createCommandLine();
    const { link } = await line.json('operator add ada --url https://market.example/ledger/');
    expect(link).toMatch(/^https:\/\/market\.example\/ledger\/console\/sign-in\//);
    const environment = { ONRAMP_BASE_URL: 'https://market.example' };
    const { stdout } = await line.run('operator link ada --json', environment);
    expect(JSON.parse(stdout).link).toMatch(/^https:\/\/market\.example\/console\/sign-in\//);
    expect((await line.run('operator link ada --url market')).exitCode).toBe(2);
  });
});

test('provider link signs in at the provider’s page, once, within its time, to what it allows', async () => {
  const line = await createCommandLine();
  await line.addProvider('pk_acme');
  const service = await startBeside(line.database);
  const made = await line.json('provider link pk_acme --can replay --expires 1h');
  expect(made).toMatchObject({ partnerKey: 'pk_acme', can: ['view', 'replay'] });
  expect(new URL(made.link).pathname).toMatch(/^\/provider\/sign-in\//);
  const browser = createBrowser(service);
  expect((await browser.post('/provider/sign-in', { token: tokenOf(made.link) })).status).toBe(303);
  expect((await browser.get('/provider/sessions')).status).toBe(200);

  const late = await line.json('provider link pk_acme --expires 1h');
  service.time.now = Date.now() + 3_600_000;
  expect((await browser.post('/provider/sign-in', { token: tokenOf(late.link) })).status).toBe(422);
  for (const wrong of ['--can fly', '--expires 59m', '--expires 8d', '--expires 0h']) {
    expect((await line.run(`provider link pk_acme ${wrong}`)).exitCode).toBe(2);
  }
  expect((await line.run('provider link pk_nobody')).exitCode).toBe(1);
});

test('the audit trail has what commands changed, without secrets', async () => {
  const line = await createCommandLine();
  const { secret, keyId } = await line.json('provider add Acme --key pk_acme');
  await line.json('provider set pk_acme --minimum-level origin --disabled');
  await line.json('provider set pk_acme --disabled');
  await line.json('provider rotate pk_acme');
  await line.json(`provider revoke pk_acme ${keyId}`);
  await line.json('listing add acme --provider pk_acme --landing https://acme.example/');
  await line.json('listing remove acme');
  await line.json('provision form pk_acme --path acme --required company');
  const trail = await line.withStore((store) => store.listAudit({ limit: 100 }));
  const said = trail.map(({ actor, action, subject }) => [actor.name, action, subject]).reverse();
  expect(said).toEqual(
    [
      ['provider added', 'pk_acme'],
      ['provider changed', 'pk_acme'],
      ['secret rotated', 'pk_acme'],
      ['secret revoked', 'pk_acme'],
      ['listing added', 'acme'],
      ['listing removed', 'acme'],
      ['order form changed', 'pk_acme'],
    ].map((entry) => ['command line', ...entry]),
  );
  expect(trail.map(({ detail }) => detail)).toContain('minimum level: origin; disabled: true');
  expect(JSON.stringify(trail)).not.toContain(secret);
});
