import { maxPartnerKeyLength } from '../../wire/fields.ts';
import { type Finding, problem } from '../finding.ts';
import { looksSecret, type Settings } from './options.ts';

/** Who the messages come from. */
export function judgeKey({ partnerKey }: Settings): Finding[] {
  const { value } = partnerKey;
  if (!value) {
    return [
      problem(
        'The tag has no partner key, so the pixel does not run',
        'Add data-partner-key. If a tag manager strips attributes, write onramp.js?partner-key=… in src instead.',
      ),
    ];
  }
  if (looksSecret(value)) {
    return [
      problem(
        'The tag shows what looks like your secret, for everybody to read',
        'Put the partner key in its place, and ask the marketplace for a new secret at once.',
      ),
    ];
  }
  if (value.length > maxPartnerKeyLength || !/^[\w-]+$/.test(value)) {
    return [
      problem(
        `"${value}" is no partner key`,
        'It has only letters, digits, _ and -. Copy it again from the tag that the marketplace gave you.',
      ),
    ];
  }
  return [];
}
