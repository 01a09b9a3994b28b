import type { EndpointFault } from '../store/orders.ts';

/** What is wrong, in a sentence without its subject, and what the marketplace's operator does about it. */
export interface Advice {
  problem: string;
  remedy: string;
}

/**
 * For the operator of the marketplace, who knows the provider and can call its people.
 *
 * @param status of the answer, where there was one
 */
export function adviseOn(fault: EndpointFault, partnerKey: string, status?: number): Advice {
  const { problem, remedy } = advices[fault](partnerKey);
  return { problem: status === undefined ? problem : `answered ${status}: ${problem}`, remedy };
}

const advices: Readonly<Record<EndpointFault, (partnerKey: string) => Advice>> = {
  unauthorized: (partnerKey) => ({
    problem: 'it does not accept our signature',
    remedy:
      `Have the provider compare its secret with the live ones of provider list, and its clock with yours. ` +
      `Where the secret is lost: provider rotate ${partnerKey}.`,
  }),
  forbidden: () => ({
    problem: 'it, or a firewall before it, does not let us in',
    remedy: 'Ask the provider to let the marketplace in: its address, and POST with a JSON body.',
  }),
  not_found: (partnerKey) => ({
    problem: 'there is nothing at the provision URL',
    remedy: `Ask the provider for the right one: provider set ${partnerKey} --provision-url <url>.`,
  }),
  method_not_allowed: (partnerKey) => ({
    problem: 'the provision URL takes no POST',
    remedy: `It may be that of a page. Ask the provider for the right one: provider set ${partnerKey} --provision-url <url>.`,
  }),
  redirected: (partnerKey) => ({
    problem: 'the provision URL leads elsewhere, and an order is never sent on',
    remedy:
      `Set the address that it leads to: provider set ${partnerKey} --provision-url <url>. ` +
      'If it redirects once an account is made, ask the provider whether there is one before you retry.',
  }),
  not_accepted: () => ({
    problem: 'it does not take the call as it is',
    remedy: 'Ask the provider what its endpoint lacks; docs/provisioning.md says what is sent.',
  }),
  tls: () => ({
    problem: 'its encryption cannot be trusted',
    remedy:
      'The provider has to mend its certificate: of that host, valid, and with those between it and a known root.',
  }),
  unknown_host: (partnerKey) => ({
    problem: 'its host is not known',
    remedy: `Check the spelling, and ask the provider: provider set ${partnerKey} --provision-url <url>.`,
  }),
  unreachable: () => ({
    problem: 'it cannot be connected to',
    remedy:
      'Ask the provider whether its server runs and lets the marketplace in, and check your own network.',
  }),
};
