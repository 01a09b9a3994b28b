/** What a buyer can be asked, by the article's names, in the order in which a form asks it. */
export const fieldNames = [
  'name',
  'email',
  'username',
  'password',
  'company',
  'phone',
  'address1',
  'address2',
  'zip',
  'state',
  'country',
] as const;
export type FieldName = (typeof fieldNames)[number];

/**
 * Every form has them, and they are required: the marketplace has to know whose account it is. The article marks its
 * required fields in bold, which no copy of it shows; these stand in its shortest message.
 */
export const alwaysRequired: readonly FieldName[] = ['name', 'email'];

/** Longest value, in Unicode code points. */
export const maxValueLength = 200;

/** How a field looks and what it takes. */
export interface FieldKind {
  label: string;
  type: 'text' | 'email' | 'tel' | 'password';
  /** https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill-field */
  autocomplete: string;
  /** As HTML's pattern attribute: it must match the whole value. */
  pattern?: string;
  /** What to do about a value that doesn't match. */
  advice?: string;
}

export const fieldKinds: Readonly<Record<FieldName, FieldKind>> = {
  name: { label: 'Name', type: 'text', autocomplete: 'name' },
  email: {
    label: 'Email address',
    type: 'email',
    autocomplete: 'email',
    // What browsers take, https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
    pattern:
      "[a-zA-Z0-9.!#$%&'*+\\/=?^_`\\{\\|\\}~\\-]+@[a-zA-Z0-9](?:[a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?)*",
    advice: 'Enter an email address, like name@example.com',
  },
  username: { label: 'User name', type: 'text', autocomplete: 'username' },
  password: { label: 'Password', type: 'password', autocomplete: 'new-password' },
  company: { label: 'Company', type: 'text', autocomplete: 'organization' },
  phone: {
    label: 'Phone number',
    type: 'tel',
    autocomplete: 'tel',
    pattern: '[0-9+\\(\\)\\/. \\-]*[0-9][0-9+\\(\\)\\/. x\\-]*',
    advice: 'Enter a phone number, like +1 555 0100',
  },
  address1: { label: 'Address', type: 'text', autocomplete: 'address-line1' },
  address2: { label: 'Address, second line', type: 'text', autocomplete: 'address-line2' },
  zip: { label: 'ZIP or postal code', type: 'text', autocomplete: 'postal-code' },
  state: { label: 'State or province', type: 'text', autocomplete: 'address-level1' },
  country: { label: 'Country', type: 'text', autocomplete: 'country-name' },
};
