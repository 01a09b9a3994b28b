import { runCommand } from './command.ts';
import { listing, serviceName } from './origins.ts';

export interface Provider {
  partnerKey: string;
  secret: string;
}

/** Makes Acme CRM known to the marketplace, as the marketplace's people do it: by the command line. */
export async function registerProvider(database: string, origin: string): Promise<Provider> {
  const options = ['--database', database, '--json'];
  const printed = await runCommand('provider', 'add', serviceName, '--origin', origin, ...options);
  const provider: unknown = JSON.parse(printed);
  if (!isProvider(provider)) throw new Error(`"onramp-marketplace provider add" printed ${printed}`);
  const landing = ['--provider', provider.partnerKey, '--landing', `${origin}/`];
  await runCommand('listing', 'add', listing, ...landing, ...options);
  return provider;
}

function isProvider(value: unknown): value is Provider {
  if (typeof value !== 'object' || value === null) return false;
  if (!('partnerKey' in value) || !('secret' in value)) return false;
  return typeof value.partnerKey === 'string' && typeof value.secret === 'string';
}
