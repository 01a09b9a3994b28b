import { run } from '../../tools/progress.mjs';
import { serviceCommand } from './checkout.ts';
import type { Engine, Ledger } from './ledgers.ts';
import { customerOf, fewProviders, orderIdOf, partnerKeyOf, renderRequest } from './message.ts';
import { startInstances } from './processes.ts';

const sample = 'sampled-----';

/**
 * Makes a ledger by what the checkout's service offers to anybody, so that any of its versions can be measured: its
 * tables, the providers that the load speaks for, and one purchase, which the others of the ledger are made of.
 */
export async function prepareLedger(engine: Engine, checkout: string): Promise<Ledger> {
  const ledger = await engine.createLedger();
  for (let number = 0; number < fewProviders; number++)
    await addProvider(checkout, ledger.database, partnerKeyOf(number));
  const servers = await startInstances(checkout, 1, ledger.database);
  try {
    await sendSample(servers.ports[0] ?? 0);
  } finally {
    await servers.stop();
  }
  return ledger;
}

async function addProvider(checkout: string, database: string, partnerKey: string): Promise<void> {
  const options = ['--key', partnerKey, '--origin', 'https://acme.example', '--database', database];
  const args = [serviceCommand(checkout), 'provider', 'add', partnerKey, ...options];
  const { ok, output } = await run(process.execPath, args);
  if (!ok) throw new Error(`the service's command failed:\n${output}`);
}

async function sendSample(port: number): Promise<void> {
  const purchase = { partnerKey: partnerKeyOf(0), customer: customerOf(0), orderId: orderIdOf(sample, 0) };
  const [, content = ''] = renderRequest('post', purchase).split('\r\n\r\n');
  const response = await fetch(`http://127.0.0.1:${port}/api/SaasTrackings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'https://acme.example' },
    body: content,
  });
  if (response.status === 201) return;
  throw new Error(`the service answered ${response.status} to a purchase: ${await response.text()}`);
}
