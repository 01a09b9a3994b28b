import { expect, test } from 'vitest';
import { type CommandLine, createCommandLine } from './support/command.ts';
import { type Fields, startService } from './support/service.ts';
import { postReport } from './support/subscription.ts';

async function startWithHistory(): Promise<CommandLine> {
  const line = await createCommandLine();
  const service = await startService({ database: line.database });
  const { secret } = await service.addProvider();
  await service.addProvider({ partnerKey: 'pk_other' });
  const report = async (elements: Fields) => {
    const month = { coid: 'cust-1', sku: 'crm', expired: false, period: '2017-03', providerkey: secret };
    expect(await postReport(service, { ...month, ...elements })).toMatchObject({ status: 201 });
  };
  await report({ count: 80, period: '2017-02' });
  await report({ count: 25 });
  await report({ count: 81, period: '2017-02' });
  await report({ expired: true, 'expired-date': '2017-03-02' });
  await report({ coid: 'cust-2', count: 1 });
  return line;
}

test('what strangers have sent cannot act on the terminal', async () => {
  const line = await createCommandLine();
  const service = await startService({ database: line.database });
  const acme = await service.addProvider();
  const evil = '\u001b]0;x\u0007\u009b31m\u007f\u202eb\r\nUSED  9';
  await acme.report({ coid: `a${evil}`, sku: `s${evil}` });
  await service.post({ partnerKey: `pk${evil}`, customerId: evil });
  const shown = '\\u001b]0;x\\u0007\\u009b31m\\u007f\\u202eb\\u000d\\u000aUSED  9';
  for (const list of [
    'subscriptions list',
    'rejections list',
    'subscriptions history pk_acme nobody\u009b s',
  ]) {
    for (const args of [list, `${list} --json`]) {
      const { stdout } = await line.run(args);
      expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
    }
  }
  expect((await line.run('subscriptions list')).stdout).toContain(`a${shown}  s${shown}`);
  expect(await line.json('subscriptions list')).toMatchObject([{ coid: `a${evil}`, sku: `s${evil}` }]);
  const { stderr } = await line.run('rejections replay \u009b1');
  expect(stderr).not.toContain('\u009b');
});

/** Columns, without what differs from run to run. */
const cells = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split(/ {2,}/))
    .map((row) =>
      row.map((cell) => cell.replace(/^20(?!17-).*Z$/, '<time>').replace(/^[0-9a-f-]{36}$/, '<id>')),
    );

test('list and history show what to bill, and corrections', async () => {
  const line = await startWithHistory();
  const { stdout: list } = await line.run('subscriptions list --provider pk_acme');
  expect(cells(list)).toEqual([
    ['PARTNER KEY', 'COID', 'SKU', 'STATE', 'EXPIRED', 'PERIOD', 'COUNT', 'REPORTS', 'LAST REPORT'],
    ['pk_acme', 'cust-2', 'crm', 'active', '-', '2017-03', '1', '1', '<time>'],
    ['pk_acme', 'cust-1', 'crm', 'terminated', '2017-03-02T00:00:00.000Z', '2017-03', '25', '2', '<time>'],
    ['pk_acme', 'cust-1', 'crm', 'terminated', '2017-03-02T00:00:00.000Z', '2017-02', '81', '2', '<time>'],
  ]);
  const { stdout: history } = await line.run('subscriptions history pk_acme cust-1 crm');
  expect(cells(history)).toEqual([
    ['RECEIVED', 'PERIOD', 'COUNT', 'COUNTS', 'STATE', 'EXPIRED', 'ID'],
    ['<time>', '2017-03', '-', '-', 'terminated', '2017-03-02T00:00:00.000Z', '<id>'],
    ['<time>', '2017-02', '81', 'yes', 'active', '-', '<id>'],
    ['<time>', '2017-03', '25', 'yes', 'active', '-', '<id>'],
    ['<time>', '2017-02', '80', 'corrected', 'active', '-', '<id>'],
  ]);

  const { stdout: json } = await line.run('subscriptions list --json');
  expect(JSON.parse(json)).toMatchObject([
    { coid: 'cust-2', status: 'active' },
    {
      partnerKey: 'pk_acme',
      coid: 'cust-1',
      status: 'terminated',
      usage: [
        { period: '2017-03', count: '25' },
        { period: '2017-02', count: '81' },
      ],
    },
  ]);
  const { stdout: none } = await line.run('subscriptions list --provider pk_other --json');
  expect(none).toBe('[]\n');
  const { stdout: empty } = await line.run('subscriptions history pk_acme cust-9 crm');
  expect(empty).toContain('subscriptions list');
});
