import type { Action, PageSpec, Sequence } from './actions.ts';
import { keyOf } from './bought.ts';

/** The sequence as lines that a person can follow. */
export function describeSequence({ cookies, actions }: Sequence): string {
  const lines = [...(cookies === 'work' ? [] : [`cookies ${cookies}`]), ...actions.map(describeAction)];
  return lines.map((line, index) => `  ${index + 1}. ${line}`).join('\n');
}

function describeAction(action: Action): string {
  const subject = 'tab' in action ? `tab ${action.tab} ` : '';
  switch (action.does) {
    case 'opens':
      return `${subject}opens ${describePage(action.page)}`;
    case 'buys':
      return `${subject}buys ${keyOf(action.bought)}`;
    case 'buys and opens at once':
      return `${subject}buys ${keyOf(action.bought)} and opens at once ${describePage(action.page)}`;
    case 'buys and closes at once':
      return `${subject}buys ${keyOf(action.bought)} and closes at once`;
    case 'server reports':
      return `the provider's server reports ${keyOf(action.bought)}`;
    case 'network changes':
      return `the network: for beacons it ${action.beacon}, for images it ${action.image}`;
    case 'service goes down':
      return 'the service goes down';
    default:
      return subject + action.does;
  }
}

function describePage({ referral, thanks, beacons, storage, privacy }: PageSpec): string {
  const parts = [
    referral && `by the link ${referral}`,
    thanks && `that tracks ${keyOf(thanks)} at load`,
    beacons !== 'work' && `where beacons ${beacons}`,
    storage !== 'works' && `where storage ${storage}`,
    privacy !== 'is free' && `where privacy ${privacy}`,
  ];
  return ['a page', ...parts.filter(Boolean)].join(', ');
}
