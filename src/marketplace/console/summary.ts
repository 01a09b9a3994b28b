import type { Figure } from '../figures/figure.ts';
import { type Html, html } from '../pages/html.ts';
import { formatNumber, sayCount } from '../pages/words.ts';
import type { Losses } from './losses.ts';

const and = new Intl.ListFormat('en', { type: 'conjunction' });

/** The view in two sentences: what came of it, and whether anything got lost. */
export function summary(figure: Figure, { refused, orders, more }: Losses): Html {
  const { clicks, visits, signups, purchases, attributed } = figure;
  const came = and.format([
    sayCount(visits, 'visit'),
    sayCount(signups, 'signup'),
    sayCount(purchases, 'purchase'),
  ]);
  const messages = refused.reduce((sum, { count }) => sum + count, 0);
  const lost = [
    ...(messages > 0 ? [`${sayCount(messages, 'message')} refused`] : []),
    ...(orders.length > 0 ? [`${sayCount(orders.length, 'order')} without an account`] : []),
  ];
  const by = attributed === purchases ? 'all' : `${formatNumber(attributed)} of them`;
  return html`<p class="summary">${
    clicks + visits + signups + purchases === 0
      ? 'Nothing came.'
      : html`<b>${sayCount(clicks, 'click')}</b> brought <b>${came}</b>${purchases > 0 && html`, ${by} by the marketplace`}.`
  } ${
    lost.length === 0
      ? 'Nothing got lost.'
      : html`<a href="#live-losses">Lost or waiting</a>: ${more && 'more than '}${and.format(lost)}.`
  }</p>`;
}
