import { type Html, html } from '../../pages/html.ts';
import { createPageScript } from '../../pages/page.ts';

/**
 * Shows by itself what becomes of an order, and says it to who can't see it. Not by loading the page anew, which would
 * take the place at which somebody reads, or what they type, and say all of it again. Where no script runs, there is the
 * page's own link. It ends where the order has come to rest, and waits while nobody looks.
 */
export const watchScript = createPageScript(`
const orderElement = () => document.getElementById('order');

function lookLater() {
  const order = orderElement();
  for (const note of order.querySelectorAll('[data-watched]')) note.hidden = false;
  const seconds = Number(order.dataset.lookAgainSeconds);
  if (seconds > 0) setTimeout(lookWhenSeen, seconds * 1000);
}

function lookWhenSeen() {
  if (document.hidden) document.addEventListener('visibilitychange', lookWhenSeen, { once: true });
  else look().catch(() => undefined).then(lookLater);
}

async function look() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const [before, after] = [orderElement(), page.getElementById('order')];
  if (!after || after.textContent === before.textContent) return;
  const hadFocus = before.contains(document.activeElement);
  before.replaceWith(after);
  document.title = page.title;
  document.getElementById('announcement').textContent = page.title;
  if (hadFocus) after.querySelector('h1').focus();
}

lookLater();
`);

/** The part of the page that stands for the order; with the script where the order goes on. */
export function watchedOrder(content: Html, lookAgainSeconds: number | undefined): Html {
  if (lookAgainSeconds === undefined) return html`<div id="order">${content}</div>`;
  return html`<div id="order" data-look-again-seconds="${lookAgainSeconds}">${content}</div>
<p class="unseen" id="announcement" role="status"></p>
${watchScript.element}`;
}

/** Is there once the script runs. */
export const watchedNote = html`<span data-watched hidden>This page shows by itself what becomes of it.</span>`;
