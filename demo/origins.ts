/** Where everything stands; each one is an origin of its own, as on the real web. */
export interface Origins {
  console: string;
  provider: string;
  payment: string;
  marketplace: string;
  service: string;
}

/** The listing's name in the marketplace's link, {service}/go/{listing}. */
export const listing = 'acme-crm';
export const serviceName = 'Acme CRM';
