import type { Provider } from '../store/providers.ts';
import { CommandFailure } from './failure.ts';
import { table } from './output.ts';

/** A provider without its secrets. */
export function summary(provider: Provider) {
  const { partnerKey, name, origins, minimumLevel, disabled, secrets, idempotent } = provider;
  const provisionUrl = provider.provisionUrl ?? null;
  const liveKeyIds = secrets.filter(({ retiredAt }) => retiredAt === undefined).map(({ keyId }) => keyId);
  return { partnerKey, name, origins, minimumLevel, disabled, provisionUrl, idempotent, liveKeyIds };
}

/** Providers as people read them. */
export function providerTable(providers: readonly Provider[]): string {
  const rows = providers
    .map(summary)
    .map((provider) => [
      provider.partnerKey,
      provider.name,
      provider.disabled ? 'disabled' : 'enabled',
      provider.minimumLevel,
      provider.liveKeyIds.join(' '),
      provider.origins.join(' ') || '-',
      provider.provisionUrl ? `${provider.provisionUrl}${provider.idempotent ? ' (idempotent)' : ''}` : '-',
    ]);
  const headings = ['PARTNER KEY', 'NAME', 'STATE', 'MINIMUM', 'LIVE SECRETS', 'ORIGINS', 'ORDERS GO TO'];
  return table(headings, rows, 'No providers yet. Add one: onramp-marketplace provider add <name>');
}

export function noSuchProvider(partnerKey: string): CommandFailure {
  return new CommandFailure(
    `No provider has the partner key ${partnerKey}. See: onramp-marketplace provider list`,
  );
}
