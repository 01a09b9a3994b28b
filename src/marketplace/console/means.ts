import type { Means } from '../provisioning/advice.ts';

/** Where pages have what a terminal has commands for. */
export const pageMeans: Means = {
  rotate: "“Make a new secret” on the provider's page",
  compareSecrets: "the provider's page",
  setUrl: "“Where orders of accounts are posted to” on the provider's page",
  enable: "“Disabled” on the provider's page",
  makeForm: "“Make an order form” on the provider's page",
  changeForm: "“Change the order form” on the provider's page",
};
