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
