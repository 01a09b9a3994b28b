import { check, type Finding, problem } from '../finding.ts';
import type { Call } from './calls.ts';

/** What each status means to the page. */
const meanings: Record<string, string> = {
  '': 'no answer yet',
  sent: 'safe: the page may be left',
  duplicate: 'this browser reported this purchase before',
  held: 'not sent yet',
  invalid: 'something required is missing or wrong',
  answered: '',
  'no receipt': 'the stub of the page answers calls with nothing',
};

export function meaningOf({ status }: Call): string {
  return meanings[status] ?? '';
}

/** What the receipts say that someone has to look at; alike ones once. */
export function judgeReceipts(calls: readonly Call[]): Finding[] {
  const reasons = (status: string) =>
    new Set(calls.filter((call) => call.status === status).map(({ reason }) => reason || 'no reason given'));
  return [
    ...[...reasons('invalid')].map((reason) =>
      problem(
        `A call of onrampTrack was invalid: ${reason}`,
        'Give it in the call or in the tag. An object, NaN or an empty text counts as missing. It was sent once, so that you find it among your rejections.',
      ),
    ),
    ...[...reasons('held')].map((reason) =>
      check(
        `A purchase was held: ${reason}`,
        'It is sent from this page alone, as soon as it can be: after consent, when the page is shown, or when the network lets it through.',
      ),
    ),
  ];
}
