import { check, type Finding, note, problem } from '../finding.ts';

/** What the service says in its result header, in the words of someone who has to mend it. */
const reasons: Record<string, readonly [title: string, advice: string]> = {
  unknown_partner_key: [
    'The marketplace does not know this partner key (403)',
    'Compare data-partner-key with the tag that the marketplace gave you.',
  ],
  provider_disabled: [
    'The marketplace takes nothing for this partner key at present (403)',
    'Ask the marketplace why your account is disabled.',
  ],
  below_minimum_level: [
    'The marketplace demands more proof than this page gives (403)',
    `Ask the marketplace to register ${location.origin} as your origin, or let your server sign each purchase (data-sig).`,
  ],
  invalid_fields: [
    'Fields of the purchase are missing or wrong (400)',
    'Your rejections name each of them: GET /api/rejections with your secret.',
  ],
  unreadable: [
    'The message cannot be read (400)',
    'Something on the way has changed it: a proxy or an extension.',
  ],
  wrong_signature: [
    'The signature does not fit the purchase (401)',
    'Your server has to sign the very values that the page sends, as they are stored: see “Signature” in the documentation.',
  ],
  expired_signature: [
    'The signature has expired (401)',
    'Sign each page anew: a signature is believed for 9 days.',
  ],
  conflict: [
    'This purchase is on record with another amount or currency (409)',
    'Another purchase needs an order id of its own.',
  ],
};

/** Undefined for a result that is as it should be. */
export function explainResult(result: string): Finding | undefined {
  const reason = /reason=(\w+)/.exec(result)?.[1];
  if (reason) {
    const [title, advice] = reasons[reason] ?? [
      `The marketplace refuses it: ${reason}`,
      'Ask the marketplace.',
    ];
    return problem(title, advice);
  }
  if (!/level=unsigned/.test(result)) return undefined;
  return check(
    'The marketplace does not know this site as yours: purchases say “unsigned”',
    `They count, but prove little. Ask the marketplace to register ${location.origin} as your origin.`,
  );
}

/** What a service's answer to one purchase means. */
export function explainAnswer(result: string): Finding {
  const refused = explainResult(result);
  if (refused) return refused;
  return result.startsWith('created')
    ? note('The marketplace has it, by this very request', 'It had not arrived before.')
    : note('The marketplace has it', 'It answered “duplicate”: it had arrived before.');
}
