import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { until } from '../../engines/until.ts';
import { drop } from '../../support/handlings.ts';
import { createTag } from '../../support/tag.ts';
import { order } from '../outcomes.ts';
import { type Scene, tabOf } from '../scene.ts';
import type { PageParts, Theme } from '../situation.ts';
import {
  buy,
  freeNetwork,
  goElsewhere,
  goToNextPage,
  inPage,
  land,
  network,
  type Step,
  untilRecorded,
  untilSeen,
} from '../steps.ts';

const thankYou = { ...order, track: 'purchase' };
/** As a text of a script that stands in a page. */
const asScriptText = (html: string) => JSON.stringify(html).replaceAll('<', '\\u003c');

/** The tag of the thank-you page, which tracks by itself. */
function thankYouTag({ gate, provider: { partnerKey } }: Scene): string {
  return createTag(gate.origin, { partnerKey, ...thankYou });
}

/** The same for libraries that keep nothing of a script but its address. */
function thankYouTagByAddress({ gate, provider: { partnerKey } }: Scene): string {
  const { track, ...rest } = thankYou;
  const query = new URLSearchParams({
    'partner-key': partnerKey,
    track,
    'service-name': rest.serviceName,
    'customer-id': rest.customerId,
    'order-id': rest.orderId,
  });
  return `<script async src="${gate.origin}/onramp.js?${query.toString().replaceAll('&', '&amp;')}"></script>`;
}

/** Swaps the page in, which has no watch of its own: so it is seen when a library loads it after all. */
function swapIn(page: (scene: Scene) => string, show: () => void): Step {
  return async (scene) => {
    scene.site.fragment('/thanks', page(scene));
    await tabOf(scene).run(show);
    await untilThanked(scene);
  };
}

const untilThanked: Step = (scene) =>
  until('the thank-you page is shown', () =>
    tabOf(scene).run(() => /Thank you/.test(document.body?.textContent ?? '')),
  );

const wholePage = (head: string, body: string) =>
  `<!doctype html><html><head><title>Thanks</title>${head}</head><body><main>Thank you</main>${body}</body></html>`;

/** As pages do that an editor, a consent banner or a payment form writes anew. */
const writeDocument: Step = async (scene) => {
  await tabOf(scene).run(
    (html) =>
      void setTimeout(() => {
        document.open();
        document.write(html);
        document.close();
      }),
    wholePage('', thankYouTag(scene)),
  );
  await untilThanked(scene);
};

const turbo: PageParts = { libraries: ['turbo'], changesItself: true };
const visit = () => window.Turbo.visit('/thanks');
const inBody = (tag: string) => `<body><main id="main">Checkout</main>${tag}`;

/** As it stands in dist, put into the page itself. */
function inlined(tag: string): string {
  const source = readFileSync(resolve(import.meta.dirname, '../../../dist/onramp.js'), 'utf8');
  return tag
    .replace(/async src="([^"]*)\/onramp\.js"/, 'data-endpoint="$1"')
    .replace('></script>', () => `>${source}</script>`);
}

/** Each effect runs, is cleaned up, and runs again, as React does it in development. */
function effect(source: string): string {
  return `<body><div id="root"></div><script>{
    const Page = () => {
      React.useEffect(() => { ${source} }, []);
      return null;
    };
    createRoot(root).render(React.createElement(React.StrictMode, null, React.createElement(Page)));
  }</script>`;
}

function effectThatPutsIn(tag: string): string {
  return effect(`
    const script = document.createRange().createContextualFragment(${asScriptText(tag)}).firstChild;
    document.head.append(script);
    return () => script.remove();`);
}

export const documents: Theme = {
  name: 'Documents that change',
  situations: [
    {
      name: 'Turbo visits the thank-you page, and the tag stands in the body',
      page: { ...turbo, put: inBody },
      steps: [land, swapIn((scene) => wholePage('', thankYouTag(scene)), visit)],
    },
    {
      name: 'Turbo visits the thank-you page, and the tag stands in the head',
      page: turbo,
      steps: [land, swapIn((scene) => wholePage(thankYouTag(scene), ''), visit)],
    },
    {
      name: 'htmx swaps in a fragment that has the tag',
      page: {
        libraries: ['htmx'],
        changesItself: true,
        put: (tag) =>
          inBody(`<button hx-get="/thanks" hx-target="#main" hx-swap="innerHTML">Pay</button>${tag}`),
      },
      steps: [
        land,
        swapIn(
          (scene) => `<p>Thank you</p>${thankYouTag(scene)}`,
          () => document.querySelector('button')?.click(),
        ),
      ],
    },
    {
      name: "pjax shows the thank-you page, and the options stand in the script's address",
      page: { libraries: ['jquery', 'pjax'], changesItself: true, put: inBody },
      steps: [
        land,
        swapIn(
          (scene) => `<title>Thanks</title><p>Thank you</p>${thankYouTagByAddress(scene)}`,
          () => window.jQuery.pjax({ url: '/thanks', container: '#main', timeout: 600_000 }),
        ),
      ],
    },
    {
      name: 'document.write writes a whole page that has the tag',
      engineDecides: true,
      page: { changesItself: true },
      steps: [land, writeDocument],
    },
    {
      name: 'document.write writes a whole page, the first beacon and every image are lost, and the page is left',
      engineDecides: true,
      page: { changesItself: true },
      steps: [
        land,
        network('beacon', drop, 1),
        network('image', drop),
        writeDocument,
        untilSeen('beacon'),
        goElsewhere,
        untilRecorded,
        freeNetwork,
        goToNextPage,
      ],
    },
    {
      name: "jQuery's append puts in the tag",
      page: {
        libraries: ['jquery'],
        changesItself: true,
        attributes: thankYou,
        put: (tag) => inBody(`<script>jQuery('#main').append(${asScriptText(tag)})</script>`),
      },
      steps: [land],
    },
    { name: 'the script stands in the page itself', engineDecides: true, page: { put: inlined } },
    {
      name: 'a later tag has the attributes of the purchase',
      page: {
        put: (tag) => (tag + createTagWithOrder(tag)).replaceAll(' async', ''),
      },
      steps: [land, inPage(async () => (await window.onrampTrack()).status, 'sent')],
    },
    {
      name: "React's strict mode tracks twice in one tick",
      page: {
        libraries: ['react'],
        put: (tag) => effect(`onrampTrack(${JSON.stringify(order)})`) + tag,
      },
      steps: [land],
    },
    {
      name: "React's strict mode puts in the tag, takes it away and puts it in again",
      page: { libraries: ['react'], changesItself: true, put: effectThatPutsIn },
      steps: [land, buy],
    },
  ],
};

/** The same tag once more, with the order in its attributes. */
function createTagWithOrder(tag: string): string {
  const { serviceName, customerId, orderId } = order;
  const attributes = ` data-service-name="${serviceName}" data-customer-id="${customerId}" data-order-id="${orderId}"`;
  return tag.replace('></script>', `${attributes}></script>`);
}
