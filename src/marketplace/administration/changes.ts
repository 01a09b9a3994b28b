import type { Provider } from '../store/providers.ts';

/** What the audit trail says of a provider that was changed: "minimum level: signed; disabled: true". */
export function describeChanges(before: Provider, after: Provider): string {
  const [was, is] = [settingsOf(before), settingsOf(after)];
  return Object.entries(is)
    .filter(([name, value]) => was[name] !== value)
    .map(([name, value]) => `${name}: ${value || 'none'}`)
    .join('; ');
}

function settingsOf(provider: Provider): Record<string, string> {
  return {
    name: provider.name,
    origins: provider.origins.join(' '),
    'minimum level': provider.minimumLevel,
    'orders go to': provider.provisionUrl ?? '',
    idempotent: String(provider.idempotent),
    disabled: String(provider.disabled),
  };
}
