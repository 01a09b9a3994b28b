import { expect, test } from 'vitest';
import { createCommandLine } from '../support/command.ts';
import { readDatabase } from '../support/database.ts';
import { purchase } from '../support/purchase.ts';
import { startService } from '../support/service.ts';

/** The command line beside a running service, whose clock is right. */
async function startWithAcme() {
  const line = await createCommandLine();
  const service = await startService({ database: line.database });
  service.time.now = Date.now();
  const acme = await service.addProvider();
  const set = async (args: string) => {
    await line.json(`provider set pk_acme ${args}`);
    service.time.now += 1_000;
  };
  return { line, acme, set };
}

test('rejections are replayed by cause and by id, each once, while more are refused', async () => {
  const { line, acme, set } = await startWithAcme();
  await set('--minimum-level server');
  const refused = Array.from({ length: 20 }, (_, index) => acme.post({ ...purchase, orderId: `${index}` }));
  expect((await Promise.all(refused)).every(({ status }) => status === 403)).toBe(true);
  await set('--minimum-level unsigned');

  const cause = '--provider pk_acme --reason below_minimum_level';
  const load = Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      acme.post({ ...purchase, customerId: '', orderId: `x${index}` }),
    ),
  );
  // Two processes, which meet in the database.
  const replay = `rejections replay ${cause} --json`;
  const replays = await Promise.all([line.runProcess(replay), line.runProcess(replay)]);
  const [one, other] = replays.map(({ stdout }) => JSON.parse(stdout));
  expect((await load).every(({ status }) => status === 400)).toBe(true);
  const created = [...one, ...other].filter(({ result }) => result === 'created');
  expect(created).toHaveLength(20);
  expect(await acme.rows()).toHaveLength(20);
  expect(await line.json(`rejections list ${cause}`)).toEqual([]);

  const [wrong] = await line.json('rejections list --text x199 --status 400');
  expect(await line.json('rejections list --order x199')).toEqual([wrong]);
  expect(await line.json('rejections list --order x199 --customer cust-1')).toEqual([]);
  expect(await line.json('rejections list --order x199 --until 2026-01-01')).toEqual([]);
  expect(await line.json(`rejections replay ${wrong.id}`)).toEqual([
    { id: wrong.id, result: 'refused', reason: 'invalid_fields', detail: 'customerId is required.' },
  ]);
  const { stdout } = await line.run(`rejections replay ${wrong.id}`);
  expect(stdout).toContain('invalid_fields: customerId is required.');
});

test('a customer is forgotten, from the files too, and a late copy is refused at once', async () => {
  const { line, acme } = await startWithAcme();
  for (const customerId of ['cust-forget-5d2e', 'cust-forget-77aa', 'cust-stays']) {
    expect((await acme.post({ ...purchase, customerId })).status).toBe(201);
  }
  const forgotten = await line.json('forget pk_acme cust-forget-5d2e cust-forget-77aa');
  expect(forgotten).toMatchObject({ partnerKey: 'pk_acme', customers: 2, erased: { purchases: 2 } });
  expect((await acme.post({ ...purchase, customerId: 'cust-forget-5d2e' })).status).toBe(403);
  expect((await acme.post({ ...purchase, customerId: 'cust-new' })).status).toBe(201);
  expect(await acme.rows()).toHaveLength(2);
  const bytes = await readDatabase(line.database);
  expect(bytes.includes('cust-forget')).toBe(false);
  expect(bytes.includes('cust-stays')).toBe(true);
  const { stdout } = await line.run('forget pk_acme cust-stays');
  expect(stdout).toMatch(/purchases +1\n/);
  expect(stdout).not.toContain('cust-stays');
});

test('a customer of whom there is nothing is told, and nothing is kept of the id', async () => {
  const { line, acme } = await startWithAcme();
  const nobody = await line.run('forget pk_acme nobody');
  expect(nobody).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringContaining('Nothing is there of nobody'),
  });
  const post = async (customerId: string) => (await acme.post({ ...purchase, customerId })).status;
  expect(await post('nobody')).toBe(201);
  await acme.post({ ...purchase, customerId: 'refused', serviceName: '' });
  const some = await line.run('forget pk_acme nobody refused somebody');
  expect([some.exitCode, some.stdout]).toEqual([1, expect.stringMatching(/purchases +1\n.*rejections +1/s)]);
  expect(some.stderr).toContain('Nothing is there of somebody');
  // As after a first try whose traces could not be erased.
  expect(await line.json('forget pk_acme nobody')).toMatchObject({ customers: 1, erased: { purchases: 0 } });
});
