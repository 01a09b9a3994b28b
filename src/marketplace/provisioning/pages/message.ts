import { html } from '../../pages/html.ts';
import { page } from '../../pages/page.ts';

/** A page that only says something. */
export function messagePage(title: string, text: string): string {
  return page({ title, content: html`<h1>${title}</h1><p>${text}</p>` });
}

/** What the buyer is told where something other than the form is wrong, by status. */
const messages: Record<number, [title: string, text: string]> = {
  403: [
    'This form was not sent',
    'It was sent from another site. Please open the order page itself and try again.',
  ],
  404: ['This page is not here', 'The link may be old or misspelt. Please go back to the marketplace.'],
  429: [
    'Too many at once',
    'Nothing was ordered: more came at once than is taken. Load this page again in a minute or so.',
  ],
  503: [
    'Nothing was ordered',
    'We can’t take orders for the moment. Load this page again in a minute or so.',
  ],
};
const otherwise = (status: number): [title: string, text: string] =>
  status < 500
    ? ['This form was not understood', 'Please go back, load the order page anew and try again.']
    : ['Something is wrong here', 'Please try again later; you can safely send the same form again.'];

export function errorPage(status: number): string {
  return messagePage(...(messages[status] ?? otherwise(status)));
}
