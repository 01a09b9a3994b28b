import { describe, expect, test } from 'vitest';
import { createCommandLine } from './support/command.ts';
import { bearer, purchase } from './support/purchase.ts';
import { startService } from './support/service.ts';

describe('provider', () => {
  test('add prints the key, the secret and the line to paste', async () => {
    const line = await createCommandLine();
    const args = ['provider', 'add', 'Acme "CRM" Ltd.', '--origin', 'https://acme.example/'];
    const { exitCode, stdout } = await line.run(args);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/pk_acme_crm_ltd_[a-z0-9]{4}\n/);
    expect(stdout).toMatch(/os_[a-z0-9]{8}_[\w-]{43}\n/);
    expect(stdout).toContain('data-service-name="Acme &quot;CRM&quot; Ltd."');
    expect(stdout).toContain('with your address for https://marketplace.example');
  });

  test('add names the endpoint in the line, which an optimiser may serve from the own site', async () => {
    const line = await createCommandLine();
    const environment = { ONRAMP_BASE_URL: 'https://market.example/' };
    const { stdout } = await line.run('provider add Acme --key pk_acme', environment);
    expect(stdout).toMatch(
      /pages:\n\n {2}<script async src="https:\/\/market\.example\/onramp\.js" data-endpoint="https:\/\/market\.example" /,
    );
    const refused = await line.run('provider add Acme', { ONRAMP_BASE_URL: 'market.example' });
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('ONRAMP_BASE_URL')]);
  });

  test('add, set, rotate and list', async () => {
    const line = await createCommandLine();
    const added = await line.json('provider add Acme --key pk_acme --origin https://a.example');
    expect(added).toMatchObject({
      partnerKey: 'pk_acme',
      origins: ['https://a.example'],
      minimumLevel: 'unsigned',
    });
    await line.json('provider set pk_acme --minimum-level origin --disabled');
    await line.json('provider set pk_acme --origin https://b.example --origin http://c.example:81');
    const second = await line.json('provider rotate pk_acme');
    const third = await line.json('provider rotate pk_acme');
    const { stdout } = await line.run('provider list --json');
    expect(JSON.parse(stdout)).toEqual([
      {
        partnerKey: 'pk_acme',
        name: 'Acme',
        origins: ['https://b.example', 'http://c.example:81'],
        minimumLevel: 'origin',
        disabled: true,
        provisionUrl: null,
        idempotent: false,
        liveKeyIds: [second.keyId, third.keyId],
      },
    ]);
    expect(stdout).not.toContain(third.secret);
  });

  test('set --name changes what people read', async () => {
    const line = await createCommandLine();
    await line.json('provider add Acme --key pk_acme --origin https://a.example');
    expect(await line.json(['provider', 'set', 'pk_acme', '--name', ' Acme CRM '])).toMatchObject({
      name: 'Acme CRM',
      origins: ['https://a.example'],
    });
    expect((await line.run(['provider', 'set', 'pk_acme', '--name', ' '])).exitCode).toBe(2);
  });

  test('revoke ends a secret, and says what is left', async () => {
    const line = await createCommandLine();
    const [first, second] = [
      await line.json('provider add Acme --key pk_acme'),
      await line.json('provider rotate pk_acme'),
    ];
    const { exitCode, stdout } = await line.run(`provider revoke pk_acme ${first.keyId}`);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(`Revoked ${first.keyId}.*: ${second.keyId}`),
    ]);
    const again = await line.run(`provider revoke pk_acme ${first.keyId}`);
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('may be revoked already')]);
    expect(await line.json(`provider revoke pk_acme ${second.keyId}`)).toMatchObject({ liveKeyIds: [] });
    expect((await line.run(`provider revoke pk_nobody ${second.keyId}`)).stderr).toContain('provider list');
    expect((await line.run(`provider revoke pk_acme ${second.secret}`)).exitCode).toBe(2);
  });

  test('add and rotate show a secret as Standard Webhooks take it, too', async () => {
    const line = await createCommandLine();
    const added = await line.json('provider add Acme --key pk_acme');
    const rotated = await line.json('provider rotate pk_acme');
    for (const { secret, webhookSecret } of [added, rotated]) {
      expect(webhookSecret).toMatch(/^whsec_/);
      expect(Buffer.from(webhookSecret.slice(6), 'base64').toString()).toBe(secret);
    }
    const { stdout } = await line.run('provider rotate pk_acme');
    expect(stdout).toMatch(/ os_\w{8}_[\w-]{43}\n.* whsec_[\w+/]+=*\n/s);
  });
});

test('a running service sees new providers and listings, and what the command line lists is what it refused', async () => {
  const line = await createCommandLine();
  const { post, send, time } = await startService({ database: line.database });
  const later = async () => {
    time.now += 1_000;
    return (await post(purchase)).status;
  };
  expect(await later()).toBe(403);
  const { secret } = await line.json('provider add Acme --key pk_acme');
  expect(await later()).toBe(201);

  await line.json('listing add acme --provider pk_acme --landing https://acme.example/');
  const changed = await line.json('listing add acme --provider pk_acme --landing https://acme.example/a');
  expect(changed).toMatchObject({ path: '/go/acme' });
  const landingUrl = 'https://acme.example/a';
  expect(await line.json('listing list')).toMatchObject([{ listing: 'acme', landingUrl }]);
  const { headers } = await send('/go/acme');
  expect(headers.get('location')).toMatch(/^https:\/\/acme.example\/a\?onramp_ref=/);

  expect(await line.json('listing remove acme')).toMatchObject({ listing: 'acme', removed: true });
  expect((await send('/go/acme')).status).toBe(404);
  const again = await line.run('listing remove acme');
  expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('no listing acme')]);

  await post({ ...purchase, customerId: '' });
  expect(await line.json('rejections list')).toMatchObject([
    { reason: 'invalid_fields' },
    { reason: 'unknown_partner_key' },
  ]);
  // What named the provider before there was one, too: it can be replayed now.
  expect(await line.json('rejections list --provider pk_acme')).toMatchObject([
    { partnerKey: 'pk_acme', reason: 'invalid_fields' },
    { partnerKey: 'pk_acme', reason: 'unknown_partner_key' },
  ]);
  expect(await line.json('rejections list --provider pk_other')).toEqual([]);

  await line.json('provider set pk_acme --disabled');
  expect(await later()).toBe(403);
  const { body } = await send('/api/SaasTrackings', { headers: bearer(secret) });
  expect(body).toMatchObject({ items: [{ customerId: 'cust-1' }] });
});

test('pages of all subdomains are the provider’s where it says so', async () => {
  const line = await createCommandLine();
  const { post } = await startService({ database: line.database });
  const added = await line.json('provider add Acme --key pk_acme --origin https://*.Acme.example:8443');
  expect(added.origins).toEqual(['https://*.acme.example:8443']);
  await line.json('provider set pk_acme --minimum-level origin');
  const from = async (origin: string) => (await post(purchase, { origin })).status;
  expect(await from('https://acme.example:8443')).toBe(403);
  expect(await from('https://a.shop.acme.example:8443')).toBe(201);
});
