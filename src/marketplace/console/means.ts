import type { Means } from '../provisioning/advice.ts';

/** Where pages have what a terminal has commands for. */
export const pageMeans: Means = {
  rotate: "“New secret” on the provider's page",
  compareSecrets: "the provider's page",
  setUrl: "“Provision URL” on the provider's page",
  changeForm: "“Order form” on the provider's page",
};
