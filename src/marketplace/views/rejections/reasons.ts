import type { RefusalReason } from '../../tracking/refusal.ts';

export interface ReasonWords {
  /** What is wrong, in a line. */
  title: string;
  /** What to change: for the provider, unless it says otherwise. */
  whatToDo: string;
}

/** Why a message was refused, in words for who has to mend it. */
const reasonWords: Readonly<Record<RefusalReason, ReasonWords>> = {
  unreadable: {
    title: 'It cannot be read',
    whatToDo:
      'Send a JSON object or form fields, in UTF-8, of at most 16 KiB. What could not be read can’t be replayed.',
  },
  not_an_object: {
    title: 'It is no message',
    whatToDo: 'Send a JSON object or form fields. What arrived was something else, and can’t be replayed.',
  },
  invalid_fields: {
    title: 'Fields are missing or wrong',
    whatToDo:
      'Correct the fields that are named, where the page or the server fills them in: often a template was not filled in, or a value is empty. The same message would be refused again.',
  },
  wrong_secret: {
    title: 'The secret is wrong',
    whatToDo:
      'Put the present secret into the server’s settings: it was mistyped, has been replaced, or is another provider’s.',
  },
  wrong_signature: {
    title: 'The signature is wrong',
    whatToDo:
      'Sign exactly the fields that are sent, in the form in which they are stored, with the present secret. A page that changes the amount or the order after signing breaks it.',
  },
  expired_signature: {
    title: 'The signature is too old',
    whatToDo:
      'Sign each purchase when its page is shown, and keep signed pages out of caches: a signature lasts nine days.',
  },
  unknown_partner_key: {
    title: 'No provider has this partner key',
    whatToDo:
      'Compare the key in the page with the provider’s own. Once a provider has this key, the messages can be replayed.',
  },
  provider_disabled: {
    title: 'The provider is disabled',
    whatToDo:
      'The marketplace takes no messages of this provider at present. Once it is enabled again, they can be replayed.',
  },
  below_minimum_level: {
    title: 'It proves less than the provider demands',
    whatToDo:
      'Send it from the server with the secret, sign it, or have the page’s origin registered. Or the marketplace lowers the provider’s minimum level: then the messages can be replayed.',
  },
  secret_required: {
    title: 'Only the provider’s server can report it',
    whatToDo: 'Send renewals and refunds from the server, with the secret: no page and no signature can.',
  },
  customer_forgotten: {
    title: 'The customer was forgotten',
    whatToDo: 'Nothing is kept of a customer whom the marketplace was asked to forget.',
  },
  beyond_retention: {
    title: 'It is older than what the marketplace keeps',
    whatToDo:
      'Report purchases soon after they happen. What the marketplace had of that time was deleted, so this could be a second copy of what is counted already.',
  },
  conflict: {
    title: 'It is on record with another amount or currency',
    whatToDo:
      'What is on record stays, since a copy that is at least as strong has said it. If this is another purchase, give it an order id of its own; if the record is wrong, the server corrects it with the secret.',
  },
};

/** In words; a reason that another version of the service has given by its code. */
export function wordsFor(reason: string): ReasonWords {
  const known: Readonly<Record<string, ReasonWords>> = reasonWords;
  return known[reason] ?? { title: reason, whatToDo: '' };
}
