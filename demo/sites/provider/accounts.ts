import { randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { type Account, ProvisionRefused } from 'onramp-pixel/provider';
import type { Faults } from '../../faults.ts';
import { type Books, plans } from './orders.ts';

export const requiredFields = ['name', 'email', 'company', 'password'] as const;
type OrderedAccount = Account<(typeof requiredFields)[number]>;

const hash = promisify<string, Buffer, number, Buffer>(scrypt);

/** Makes the accounts that buyers order at the marketplace, and keeps of each password its hash alone. */
export function createAccounts(books: Books, faults: Faults) {
  const passwordHashes = new Map<string, Buffer>();

  return async ({ email, company, password }: OrderedAccount): Promise<string> => {
    const salt = randomBytes(16);
    const hashed = await hash(password.reveal(), salt, 32);
    // Asked after the hash, which takes its time: another order may have come with the same address.
    if (faults.refusals || books.hasEmail(email)) {
      throw new ProvisionRefused('Acme CRM has an account for this email address already.', {
        status: 422,
        errors: { email: 'Please use another email address' },
      });
    }
    const coid = books.addCustomer({ company, email, cameBy: 'order form', plan: plans[0] });
    passwordHashes.set(coid, Buffer.concat([salt, hashed]));
    return coid;
  };
}
