import type { EndpointFault } from '../store/orders.ts';

/** For the operator of the marketplace, who knows the provider and can call its people. */
export interface Advice {
  /** What is wrong, as the part of a sentence. */
  problem: string;
  /** What to do about it, in sentences. */
  remedy: string;
}

/** What to mend of what keeps orders from their provider. */
export function adviseOn(fault: EndpointFault, partnerKey: string): Advice {
  return advices[fault](partnerKey);
}

const advices: Readonly<Record<EndpointFault, (partnerKey: string) => Advice>> = {
  no_secret: (partnerKey) => ({
    problem: 'the provider has no live secret, and an order is never sent unsigned',
    remedy: `Make one and give it to the provider: onramp-marketplace provider rotate ${partnerKey}`,
  }),
  unauthorized: (partnerKey) => ({
    problem: 'it does not accept our signature',
    remedy:
      `Have the provider compare its secret with the live ones of onramp-marketplace provider list, and its clock with yours. ` +
      `Where the secret is lost: onramp-marketplace provider rotate ${partnerKey}`,
  }),
  forbidden: () => ({
    problem: 'it, or a firewall before it, does not let us in, or it knows another secret',
    remedy: 'Ask the provider to let the marketplace in: its address, and POST with a JSON body.',
  }),
  not_found: (partnerKey) => ({
    problem: 'there is nothing at the provision URL',
    remedy: `Ask the provider for the right one: onramp-marketplace provider set ${partnerKey} --provision-url <url>`,
  }),
  method_not_allowed: (partnerKey) => ({
    problem: 'the provision URL takes no POST',
    remedy: `It may be that of a page. Ask the provider for the right one: onramp-marketplace provider set ${partnerKey} --provision-url <url>`,
  }),
  redirected: (partnerKey) => ({
    problem: 'the provision URL leads elsewhere, and an order is never sent on',
    remedy:
      'If it redirects once an account is made, ask the provider whether there is one before you retry. Else set the ' +
      `address that it leads to: onramp-marketplace provider set ${partnerKey} --provision-url <url>`,
  }),
  not_accepted: () => ({
    problem: 'it does not take the call as it is',
    remedy: 'Ask the provider what its endpoint lacks; docs/provisioning.md says what is sent.',
  }),
  form_incomplete: (partnerKey) => ({
    problem: 'it demands what no buyer was asked',
    remedy:
      'The last attempt says what it is. Have the form ask for it, beside what it asks now, or set the key: ' +
      `onramp-marketplace provision form ${partnerKey} --required <field> | --reseller-key <key>`,
  }),
  tls: () => ({
    problem: "the encryption of the provider's endpoint cannot be trusted",
    remedy:
      'Check the address and its port. The provider has to have a certificate of that host, valid, and with those between ' +
      'it and a known root.',
  }),
  unknown_host: (partnerKey) => ({
    problem: 'the host of the provision URL is not known',
    remedy: `Check the spelling, and ask the provider: onramp-marketplace provider set ${partnerKey} --provision-url <url>`,
  }),
  unreachable: () => ({
    problem: "the provider's endpoint cannot be connected to",
    remedy:
      'Ask the provider whether its server runs and lets the marketplace in, and check your own network.',
  }),
};
