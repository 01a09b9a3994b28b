import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/marketplace/app.ts';
import { defaultLimits } from '../../src/marketplace/limits/limits.ts';
import { createMetrics } from '../../src/marketplace/metrics.ts';
import { createSecret } from '../../src/marketplace/providers/secret.ts';
import { loadScript } from '../../src/marketplace/script.ts';
import { makeOperatorLink, makeProviderLink } from '../../src/marketplace/signin/links.ts';
import { openDatabase } from '../../src/marketplace/store/open.ts';

const dayMs = 86_400_000;
/** When it always is. */
const nowMs = Date.parse('2026-05-04T12:00:00Z');

/**
 * The service in this process, with a clock that stands still and a ledger that is always the same: what its pages show is
 * alike however often it is started.
 *
 * @param dist where the scripts are that it serves
 */
export async function startFixedService(dist: string) {
  const folder = await mkdtemp(join(tmpdir(), 'onramp-'));
  const store = await openDatabase(join(folder, 'ledger.db'));
  const time = { now: nowMs - 20 * dayMs };
  const app = await createApp({
    store,
    clock: () => time.now,
    script: await loadScript(join(dist, 'onramp.js')),
    panel: await loadScript(join(dist, 'onramp_debug.js')),
    log: { write: () => undefined },
    metrics: createMetrics(),
    limits: defaultLimits,
    trustedProxies: 0,
    maxWaiting: 1_000,
  });
  const baseUrl = await app.listen({ host: '127.0.0.1', port: 0 });

  async function addProvider(partnerKey: string, name: string) {
    const secret = createSecret(time.now);
    const provider = { partnerKey, name, origins: [`https://${partnerKey}.example`], disabled: false };
    await store.addProvider({ ...provider, minimumLevel: 'unsigned' }, secret);
    const { id: providerId = 0 } = (await store.findProvider(partnerKey)) ?? {};
    await store.putListing({ name: partnerKey, providerId, landingUrl: `https://${partnerKey}.example/` });
    return { providerId, secret: secret.secret, partnerKey };
  }

  async function post(fields: object, headers: Record<string, string> = {}): Promise<void> {
    await fetch(`${baseUrl}/api/SaasTrackings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Mozilla/5.0 Chrome/140', ...headers },
      body: JSON.stringify({ serviceName: 'Acme CRM', purchasedAt: time.now, ...fields }),
    });
  }

  const acme = await addProvider('acme', 'Acme CRM');
  const blue = await addProvider('blue', 'Blue Mail');
  const proven = { authorization: `Bearer ${acme.secret}` };
  const own = { partnerKey: acme.partnerKey };
  for (let day = 20; day >= 0; day--) {
    time.now = nowMs - day * dayMs;
    const link = await fetch(`${baseUrl}/go/acme?campaign=spring`, {
      redirect: 'manual',
      headers: { 'user-agent': 'Mozilla/5.0 Chrome/140' },
    });
    const referral = new URL(link.headers.get('location') ?? '').searchParams.get('onramp_ref');
    const came = { referral, referralSource: 'param', landedAt: time.now };
    const bought = { ...own, customerId: `c-${day}`, orderId: `A-${day}`, amount: '49.90', currency: 'EUR' };
    await post({ ...own, event: 'visit', ...came });
    await post({ ...own, event: 'signup', customerId: `c-${day}`, ...came });
    await post({ ...bought, ...came, amount: day === 1 ? '49,90 €' : '49.90' });
    if (day % 3 === 1) await post(bought, proven);
    if (day === 1) await post({ ...bought, event: 'refund', amount: '9.90' }, proven);
    await post({
      partnerKey: blue.partnerKey,
      customerId: `b-${day}`,
      orderId: `B-${day}`,
      amount: '1200',
      currency: 'USD',
    });
  }
  await post({ ...own, customerId: 'somebody', orderId: 'A-2', amount: '1', currency: 'EUR' });
  await post({ ...own, customerId: 'undefined', orderId: 'A-30' });
  await post({ ...own, customerId: 'c-30', orderId: 'A-30' }, { authorization: 'Bearer wrong' });
  await post({ partnerKey: 'nobody', customerId: 'c-1', orderId: 'N-1' });
  await fetch(`${baseUrl}/update-subscription/`, {
    method: 'POST',
    body: JSON.stringify({ providerkey: acme.secret, coid: 'c-1', sku: 'crm', expired: false, count: 12 }),
  });
  const operatorId = await store.addOperator({ name: 'Ada', createdAt: time.now });

  async function signIn(area: 'console' | 'provider', path: string) {
    const answer = await fetch(`${baseUrl}/${area}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ token: path.replace(/^.*\//, '') }),
      redirect: 'manual',
    });
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(answer.headers.getSetCookie()[0] ?? '') ?? [];
    return { name, value, domain: '127.0.0.1', path: `/${area}` };
  }

  return {
    baseUrl,
    /** Of an operator's session, and of the provider's. */
    async cookies() {
      return [
        await signIn('console', await makeOperatorLink(store, { id: operatorId }, time.now)),
        await signIn(
          'provider',
          await makeProviderLink(
            store,
            { id: acme.providerId },
            { can: ['view', 'replay', 'rotate'], expiresAt: time.now + dayMs },
          ),
        ),
      ];
    },
    async stop() {
      await app.close();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}
