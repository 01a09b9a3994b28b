import { expect, test } from 'vitest';
import { createCommandLine } from './support/command.ts';
import { bearer, fromAcme, purchase } from './support/purchase.ts';
import { startMs, startService } from './support/service.ts';

test('purchases list shows what was reported, of one provider or of all, by what is asked for', async () => {
  const line = await createCommandLine();
  const service = await startService({ database: line.database });
  const acme = await service.addProvider();
  const other = await service.addProvider({ partnerKey: 'pk_other' });
  const list = (args = '') => line.json(`purchases list ${args}`);
  expect((await line.run('purchases list')).stdout).toBe('Nothing of the kind was reported.\n');

  const order = { ...purchase, orderId: 'o-1', amount: '49.90', currency: 'EUR' };
  await acme.post({ ...order, referral: 'r-1' }, fromAcme);
  await acme.post({ ...order, customerId: 'cust-2' }, fromAcme);
  await acme.post({ ...order, event: 'refund', amount: '9.90' }, bearer(acme.secret));
  await other.post({ ...order, purchasedAt: '2026-05-05T10:00:00Z' });
  await other.post({ partnerKey: 'pk_other', event: 'visit', referral: 'r-2', landedAt: startMs });

  expect(await list()).toHaveLength(3);
  expect(await list('--event purchase,refund,visit')).toHaveLength(5);
  expect(await list('--provider pk_acme')).toMatchObject([
    { customerId: 'cust-2', refunded: '9.90', disputed: true, verdict: 'none' },
    { customerId: 'cust-1', refunded: '9.90', disputed: true, verdict: 'unknown' },
  ]);
  for (const [args, count] of [
    ['--customer cust-2', 1],
    ['--order o-1', 3],
    ['--order o-2', 0],
    ['--referral r-1', 1],
    ['--since 2026-05-05', 1],
    ['--until 2026-05-05', 2],
    ['--trust origin', 2],
    ['--verdict unknown --provider pk_acme', 1],
    ['--limit 2', 2],
    ['--service Acme', 0],
    ['--listing acme', 0],
    ['--campaign Tuesday', 0],
    ['--test', 0],
    ['--no-test', 3],
  ] as const) {
    expect(await list(args), args).toHaveLength(count);
  }
  const { stdout } = await line.run('purchases list --provider pk_acme --customer cust-2');
  const [headings, row] = stdout.split('\n');
  expect(headings?.split(/ {2,}/)).toContain('VERDICT');
  expect(row?.split(/ {2,}/)).toEqual([
    purchase.purchasedAt,
    'purchase',
    'pk_acme',
    'Acme CRM',
    'cust-2',
    'o-1',
    '49.90 EUR',
    '9.90',
    'origin',
    'none',
    'disputed',
  ]);
});

test('purchases list notes what a person should know before adding up', async () => {
  const line = await createCommandLine();
  const service = await startService({ database: line.database });
  const acme = await service.addProvider();
  const order = { ...purchase, orderId: 'o-1' };
  await acme.post({ ...order, currency: '€' }, bearer(acme.secret));
  await acme.post({ ...order, amount: '49.90' });
  await acme.post({ ...order, event: 'refund', amount: '5', currency: 'EUR' }, bearer(acme.secret));
  const { stdout } = await line.run('purchases list');
  const notes = 'amount unsigned; refunded in EUR; currency "€" left out';
  expect(stdout.split('\n')[1]?.split(/ {2,}/).at(-1)).toBe(notes);
});

test('purchases list says what it does not understand', async () => {
  const line = await createCommandLine();
  for (const [args, said, exitCode] of [
    ['--event sale', /purchase, signup, visit, renewal, refund/, 2],
    ['--verdict mine', /listing, foreign/, 2],
    ['--since yesterday', /date-time/, 2],
    ['--provider pk_nobody', /No provider has the partner key pk_nobody/, 1],
  ] as const) {
    const { stderr, exitCode: code } = await line.run(`purchases list ${args}`);
    expect([stderr, code]).toEqual([expect.stringMatching(said), exitCode]);
  }
});
