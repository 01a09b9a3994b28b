import { expect, test } from 'vitest';
import { createCommandLine } from './support/command.ts';
import { bearer, purchase } from './support/purchase.ts';
import { startService } from './support/service.ts';

test('figures adds up what was reported, of one provider or of all', async () => {
  const line = await createCommandLine();
  const service = await startService({ database: line.database });
  const acme = await service.addProvider();
  const other = await service.addProvider({ partnerKey: 'pk_other' });
  expect((await line.run('figures --by month')).stdout).toBe('There is nothing to add up.\n');

  const order = { ...purchase, amount: '49.90', currency: 'EUR' };
  await acme.post({ ...order, orderId: 'o-1', purchasedAt: '2026-03-28T23:30:00Z' });
  await acme.post({ ...order, orderId: 'o-2', purchasedAt: '2026-03-29T10:00:00Z' }, bearer(acme.secret));
  await acme.post({ ...order, event: 'refund', orderId: 'o-2', amount: '9.90' }, bearer(acme.secret));
  await other.post({ ...order, orderId: 'o-3', currency: 'USD', purchasedAt: '2026-03-29T22:30:00Z' });

  const figures = (args: string) => line.json(`figures ${args}`);
  expect(await figures('')).toMatchObject({
    by: [],
    items: [{ purchases: 3, believed: 1, money: [{ currency: 'EUR', net: '89.9' }, { currency: 'USD' }] }],
  });
  expect(await figures('--provider pk_other')).toMatchObject({ items: [{ purchases: 1 }] });
  const berlin = '--by day,partnerKey --zone Europe/Berlin --since 2026-03-29 --until 2026-03-30';
  expect(await figures(berlin)).toMatchObject({
    from: '2026-03-28T23:00:00.000Z',
    to: '2026-03-29T22:00:00.000Z',
    items: [{ day: '2026-03-29', partnerKey: 'pk_acme', purchases: 2 }],
  });
  const { stdout } = await line.run('figures --by month,partnerKey --provider pk_acme');
  const [headings, march, may] = stdout.split('\n').map((text) => text.split(/ {2,}/));
  expect(headings?.slice(0, 2)).toEqual(['MONTH', 'PARTNERKEY']);
  expect(march?.at(-1)).toBe('99.80 EUR');
  expect(march).toContain('2 (0 attributed, 1 believed)');
  expect(may?.at(-1)).toBe('0.00 − 9.90 = −9.90 EUR');
});

test.each([
  ['--by year', /day, week, month/],
  ['--by day,week', /one of day, week, month at most/],
  ['--zone Mars', /name of a time zone/],
  ['--since yesterday', /date or date-time/],
  ['--provider pk_nobody', /No provider has the partner key pk_nobody/],
])('figures %s says what to write instead', async (args, said) => {
  const line = await createCommandLine();
  const { exitCode, stderr } = await line.run(`figures ${args}`);
  expect(exitCode).toBe(args.startsWith('--provider') ? 1 : 2);
  expect(stderr).toMatch(said);
});
