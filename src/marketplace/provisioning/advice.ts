import type { EndpointFault } from '../store/orders.ts';

/** For the operator of the marketplace, who knows the provider and can call its people. */
export interface Advice {
  /** What is wrong, as the part of a sentence. */
  problem: string;
  /** What to do about it, in sentences. */
  remedy: string;
}

/** How each thing is done where the advice is read: in a terminal, or on pages. */
export interface Means {
  rotate: string;
  compareSecrets: string;
  setUrl: string;
  enable: string;
  makeForm: string;
  changeForm: string;
}

/** In a terminal. */
export function commandsFor(partnerKey: string): Means {
  return {
    rotate: `onramp-marketplace provider rotate ${partnerKey}`,
    compareSecrets: 'onramp-marketplace provider list',
    setUrl: `onramp-marketplace provider set ${partnerKey} --provision-url <url>`,
    enable: `onramp-marketplace provider set ${partnerKey} --enabled`,
    makeForm: `onramp-marketplace provision form ${partnerKey} --path <path>`,
    changeForm: `onramp-marketplace provision form ${partnerKey} --required <field> | --reseller-key <key>`,
  };
}

/** What to mend of what keeps orders from their provider. */
export function adviseOn(fault: EndpointFault, means: Means): Advice {
  return advices[fault](means);
}

const advices: Readonly<Record<EndpointFault, (means: Means) => Advice>> = {
  no_secret: ({ rotate }) => ({
    problem: 'the provider has no live secret, and an order is never sent unsigned',
    remedy: `Make one and give it to the provider: ${rotate}`,
  }),
  unauthorized: ({ rotate, compareSecrets }) => ({
    problem: 'it does not accept our signature',
    remedy:
      `Have the provider compare its secret with the live ones of ${compareSecrets}, and its clock with yours. ` +
      `Where the secret is lost: ${rotate}`,
  }),
  forbidden: () => ({
    problem: 'it, or a firewall before it, does not let us in, or it knows another secret',
    remedy: 'Ask the provider to let the marketplace in: its address, and POST with a JSON body.',
  }),
  not_found: ({ setUrl }) => ({
    problem: 'there is nothing at the provision URL',
    remedy: `Ask the provider for the right one: ${setUrl}`,
  }),
  method_not_allowed: ({ setUrl }) => ({
    problem: 'the provision URL takes no POST',
    remedy: `It may be that of a page. Ask the provider for the right one: ${setUrl}`,
  }),
  redirected: ({ setUrl }) => ({
    problem: 'the provision URL leads elsewhere, and an order is never sent on',
    remedy:
      'If it redirects once an account is made, ask the provider whether there is one before you retry. Else set the ' +
      `address that it leads to: ${setUrl}`,
  }),
  not_accepted: () => ({
    problem: 'it does not take the call as it is',
    remedy: 'Ask the provider what its endpoint lacks; docs/provisioning.md says what is sent.',
  }),
  form_incomplete: ({ changeForm }) => ({
    problem: 'it demands what no buyer was asked',
    remedy:
      'The last attempt says what it is. Have the form ask for it, beside what it asks now, or set the key: ' +
      changeForm,
  }),
  tls: () => ({
    problem: "the encryption of the provider's endpoint cannot be trusted",
    remedy:
      'Check the address and its port. The provider has to have a certificate of that host, valid, and with those between ' +
      'it and a known root.',
  }),
  unknown_host: ({ setUrl }) => ({
    problem: 'the host of the provision URL is not known',
    remedy: `Check the spelling, and ask the provider: ${setUrl}`,
  }),
  unreachable: () => ({
    problem: "the provider's endpoint cannot be connected to",
    remedy:
      'Ask the provider whether its server runs and lets the marketplace in, and check your own network.',
  }),
};
