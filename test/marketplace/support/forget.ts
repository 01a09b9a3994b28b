import type { Service } from './service.ts';

/** Forgets customers of pk_acme, as the command does. */
export async function forgetCustomers(
  { store, time }: Pick<Service, 'store' | 'time'>,
  ...customerIds: string[]
) {
  const provider = await store.findProvider('pk_acme');
  const erased = await store.forgetCustomers({
    providerId: provider?.id ?? 0,
    partnerKey: 'pk_acme',
    customerIds,
    forgottenAt: time.now,
  });
  await store.eraseRemains();
  return erased;
}
