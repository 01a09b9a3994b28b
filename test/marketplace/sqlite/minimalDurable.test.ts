// The benchmark's yardstick is one only if it stores what the service would read.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { renderRequest } from '../../../bench/service/message.ts';
import { startDurableServer } from '../../../bench/service/processes.ts';
import { temporaryFolder } from '../support/files.ts';
import { startService } from '../support/service.ts';

test('the minimal durable server stores a POST and a picture, and none twice', async () => {
  const service = await startService();
  const { secret, partnerKey } = await service.addProvider();
  const copy = join(await temporaryFolder(), 'ledger.db');
  const connection = new Database(service.database);
  connection.prepare('vacuum into ?').run(copy);
  connection.close();

  const durable = await startDurableServer(copy);
  onTestFinished(() => durable.stop());
  const origin = `http://127.0.0.1:${durable.ports[0]}`;
  const send = async (customer: string) => {
    const of = { partnerKey, customer, orderId: `order-${customer}` };
    const [, body = ''] = renderRequest('post', of).split('\r\n\r\n');
    const [, path = ''] = renderRequest('gif', { ...of, orderId: `picture-${customer}` }).split(' ');
    const answers = [
      await fetch(`${origin}/api/SaasTrackings`, { method: 'POST', body }),
      await fetch(origin + path),
    ];
    return answers.map(({ status }) => status);
  };
  expect(await send('00000001')).toEqual([201, 200]);
  expect(await send('00000001')).toEqual([201, 200]);

  const stored = await startService({ database: copy });
  const items = await stored.list('/api/SaasTrackings', secret);
  const fields = {
    serviceName: 'Acme CRM',
    customerId: 'customer-00000001',
    purchasedAt: '2026-03-01T10:00:00.000Z',
    currency: 'EUR',
    referral: 'r_8fJx2kQw9LmZ4tVb',
    referralSource: 'param',
    landedAt: 1_772_359_200_000,
    page: 'https://acme.example/thank-you',
    trust: 'origin',
  };
  expect(items).toMatchObject([
    { ...fields, orderId: 'picture-00000001' },
    { ...fields, orderId: 'order-00000001' },
  ]);
});
