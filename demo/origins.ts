/** Where everything stands; each one is an origin of its own, as on the real web. */
export interface Origins {
  console: string;
  provider: string;
  payment: string;
  marketplace: string;
  /** Where Acme's server takes the marketplace's orders; no browser goes there. */
  backend: string;
  service: string;
}

/** The listing's name in the marketplace's link, {service}/go/{listing}. */
export const listing = 'acme-crm';
/** The order form's name, {service}/order/{orderPath}. */
export const orderPath = 'acme-crm';
export const serviceName = 'Acme CRM';
