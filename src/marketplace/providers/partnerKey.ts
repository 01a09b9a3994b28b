import { randomName } from './secret.ts';

/** A partner key that can be told from others at a glance: "Acme CRM" becomes pk_acme_crm_x7k2. */
export function createPartnerKey(name: string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
  const slug = words.slice(0, 40).replace(/^_+|_+$/g, '');
  return ['pk', slug, randomName(4)].filter((part) => part !== '').join('_');
}
