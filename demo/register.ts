import { fileURLToPath } from 'node:url';
import { runCommand } from './command.ts';
import { listing, orderPath, serviceName } from './origins.ts';

export interface Provider {
  partnerKey: string;
  secret: string;
}

interface Addresses {
  /** Origin of Acme's site. */
  site: string;
  /** Where Acme's server takes orders of accounts. */
  provision: string;
}

const logo = fileURLToPath(new URL('./public/provider/acme.svg', import.meta.url));

/** Makes Acme CRM known to the marketplace, as the marketplace's people do it: by the command line. */
export async function registerProvider(database: string, { site, provision }: Addresses): Promise<Provider> {
  const run = (...words: string[]) => runCommand(...words, '--database', database, '--json');
  const printed = await run('provider', 'add', serviceName, '--origin', site);
  const provider: unknown = JSON.parse(printed);
  if (!isProvider(provider)) throw new Error(`"onramp-marketplace provider add" printed ${printed}`);
  const { partnerKey } = provider;
  await run('listing', 'add', listing, '--provider', partnerKey, '--landing', `${site}/`);
  // Idempotent: Acme answers an order that it gets twice with the account that it made the first time.
  await run('provider', 'set', partnerKey, '--idempotent', '--provision-url', provision);
  const fields = ['--required', 'company', '--required', 'password', '--field', 'phone'];
  const own = ['--reseller-key', 'reseller-7', '--logo', logo];
  await run('provision', 'form', partnerKey, '--path', orderPath, ...fields, ...own);
  return provider;
}

function isProvider(value: unknown): value is Provider {
  if (typeof value !== 'object' || value === null) return false;
  if (!('partnerKey' in value) || !('secret' in value)) return false;
  return typeof value.partnerKey === 'string' && typeof value.secret === 'string';
}
