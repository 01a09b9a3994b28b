import type { Service } from './service.ts';

/** Forgets customers of the provider, as the command does. */
export async function forgetCustomers(
  { store, time }: Pick<Service, 'store' | 'time'>,
  partnerKey: string,
  ...customerIds: string[]
) {
  const provider = await store.findProvider(partnerKey);
  const erased = await store.forgetCustomers({
    providerId: provider?.id ?? 0,
    partnerKey,
    customerIds,
    forgottenAt: time.now,
  });
  await store.eraseRemains();
  return erased;
}
