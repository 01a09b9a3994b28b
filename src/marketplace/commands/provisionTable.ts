import type { OrderForm } from '../store/orderForms.ts';
import { table } from './output.ts';

/** A form without the reseller key: the provider may take it for a proof. */
export function summary({ partnerKey, path, fields, resellerKey, logo, isOpen }: OrderForm) {
  return {
    partnerKey,
    path: `/order/${path}`,
    fields,
    hasResellerKey: resellerKey !== undefined,
    logo: logo === undefined ? null : `/logos/${logo}`,
    open: isOpen,
  };
}

/** Forms as people read them; a star marks what is required. */
export function formTable(forms: readonly OrderForm[]): string {
  const rows = forms.map((form) => [
    `/order/${form.path}`,
    form.partnerKey,
    form.isOpen ? 'open' : 'closed',
    form.logo === undefined ? '-' : 'yes',
    form.resellerKey === undefined ? '-' : 'yes',
    form.fields.map(({ name, required }) => (required ? `${name}*` : name)).join(' '),
  ]);
  const headings = ['PAGE', 'PROVIDER', 'STATE', 'LOGO', 'RESELLER KEY', 'FIELDS (* REQUIRED)'];
  return table(headings, rows, 'No order forms yet. Make one: onramp-marketplace provision form --help');
}
