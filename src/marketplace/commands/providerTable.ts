import type { Provider } from '../store/providers.ts';
import { CommandFailure } from './failure.ts';
import { table } from './output.ts';

/** A provider without its secrets. */
export function summary({ partnerKey, name, origins, minimumLevel, disabled, secrets }: Provider) {
  const liveKeyIds = secrets.filter(({ retiredAt }) => retiredAt === undefined).map(({ keyId }) => keyId);
  return { partnerKey, name, origins, minimumLevel, disabled, liveKeyIds };
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
    ]);
  const headings = ['PARTNER KEY', 'NAME', 'STATE', 'MINIMUM', 'LIVE SECRETS', 'ORIGINS'];
  return table(headings, rows, 'No providers yet. Add one: onramp-marketplace provider add <name>');
}

export function noSuchProvider(partnerKey: string): CommandFailure {
  return new CommandFailure(
    `No provider has the partner key ${partnerKey}. See: onramp-marketplace provider list`,
  );
}
