import { dayMs } from '../../wire/fields.ts';
import { type Html, html } from '../pages/html.ts';
import { said } from '../pages/said.ts';
import { sayCount, sayDuration } from '../pages/words.ts';
import { adviseOn } from '../provisioning/advice.ts';
import type { EndpointFault, StuckOrders } from '../store/orders.ts';
import { pageMeans } from './means.ts';
import type { Quiet } from './quiet.ts';

/** What needs a person. */
export interface Concern {
  /** `bad`: somebody waits, or something is lost; `wait`: worth a look. */
  standing: 'bad' | 'wait';
  text: Html;
  /** Path of the page where something can be done about it, and what to do there. */
  path: string;
  action: string;
}

export interface Concerns {
  stuck: StuckOrders;
  quiet: readonly Quiet[];
  /** Refused in the last day, alike messages once; `more`: there were more than were read. */
  refused: { count: number; more: boolean };
  /** Subscriptions without a report for the month; `more`: there are more than were read. */
  missing: { month: string; count: number; more: boolean };
  /** Providers that have sent nothing at all. */
  unheard: readonly { partnerKey: string; name: string }[];
  hasProviders: boolean;
  hasListings: boolean;
}

const lists = new Intl.ListFormat('en', { type: 'disjunction' });
const eventWords = { visit: 'visits', signup: 'signups', purchase: 'purchases' } as const;

/** The most urgent first: buyers who wait, providers that are silent, messages that were refused, reports that are due. */
export function listConcerns(concerns: Concerns): Concern[] {
  const { stuck, quiet, refused, missing, unheard } = concerns;
  return [
    ...[...stuck].map(([reason, count]) => orderConcern(reason, count)),
    ...[...Map.groupBy(quiet, ({ partnerKey }) => partnerKey).values()].flatMap(quietConcern),
    ...(refused.count > 0 ? [refusedConcern(refused)] : []),
    ...(missing.count > 0 ? [missingConcern(missing)] : []),
    ...(unheard.length > 0 ? [unheardConcern(unheard)] : []),
    ...setupConcerns(concerns),
  ];
}

function orderConcern(reason: EndpointFault | 'undecided', count: number): Concern {
  const orders = sayCount(count, 'order');
  const text =
    reason === 'undecided'
      ? html`${orders}, of which nobody knows whether there is an account`
      : html`${orders} stuck at the provider’s endpoint: ${adviseOn(reason, pageMeans).problem}`;
  return { standing: 'bad', text, path: 'console/orders', action: 'See what to do' };
}

/** Of one provider: all that it doesn't send any more, which has one cause. */
function quietConcern(quiet: readonly Quiet[]): Concern[] {
  const [first] = quiet;
  if (!first) return [];
  const { partnerKey, providerName } = first;
  const silentMs = Math.min(...quiet.map((each) => each.silentMs));
  const usualMs = Math.min(...quiet.map((each) => each.usualMs));
  const events = lists.format(quiet.map(({ event }) => eventWords[event]));
  const usual = usualMs < 2 * 3_600_000 ? 'every hour' : `every ${sayDuration(usualMs)}`;
  return [
    {
      standing: 'wait',
      text: html`${said(providerName)} has sent no ${events} for ${sayDuration(silentMs)}, usually ${usual}`,
      path: `console/providers/${partnerKey}`,
      action: 'See the provider',
    },
  ];
}

function refusedConcern({ count, more }: Concerns['refused']): Concern {
  return {
    standing: 'wait',
    text: html`${more && 'More than '}${sayCount(count, 'kind of message', 'kinds of messages')} refused in the last day`,
    path: 'console/rejections',
    action: 'See why, and replay them',
  };
}

function missingConcern({ month, count, more }: Concerns['missing']): Concern {
  return {
    standing: 'wait',
    text: html`${more && 'More than '}${sayCount(count, 'subscription')} without a report for ${month}`,
    path: `console/subscriptions?missing=${month}`,
    action: 'See which',
  };
}

function unheardConcern(unheard: Concerns['unheard']): Concern {
  const [only, ...others] = unheard;
  const isOne = only !== undefined && others.length === 0;
  return {
    standing: 'wait',
    text: html`${isOne ? said(only.name) : sayCount(unheard.length, 'provider')} ${isOne ? 'has' : 'have'} sent nothing yet`,
    path: isOne ? `console/providers/${only.partnerKey}` : 'console/providers',
    action: isOne
      ? 'Send it a link to its page, which sets it up'
      : 'Send them links to their pages, which set them up',
  };
}

function setupConcerns({ hasProviders, hasListings }: Concerns): Concern[] {
  if (!hasProviders) {
    return [
      {
        standing: 'wait',
        text: html`There is no provider yet`,
        path: 'console/providers',
        action: 'Add the first one',
      },
    ];
  }
  if (hasListings) return [];
  const text = html`There is no listing yet, so no link of ours leads to a provider`;
  return [{ standing: 'wait', text, path: 'console/listings', action: 'Add the first one' }];
}

/**
 * The month that a subscription should have a report for by now: this one, but in its first week the one before, since
 * providers also report a month soon after it.
 */
export function monthDue(now: number): string {
  return new Date(now - 7 * dayMs).toISOString().slice(0, 7);
}
