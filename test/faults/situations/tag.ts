import { drop, holdBack } from '../../support/handlings.ts';
import { nothing, onceOfAnyLevel, order } from '../outcomes.ts';
import { putPlainPage } from '../pages.ts';
import { type Scene, tabOf } from '../scene.ts';
import type { Theme } from '../situation.ts';
import { inPage, land, network, openCheckout, untilVisited } from '../steps.ts';

const thankYou = { ...order, track: 'purchase' };

/** A page script that puts the tag into the page, as tag managers do. */
function injecting(tag: string): string {
  const attributes = [...tag.matchAll(/ (src|data-[a-z-]+)="([^"]*)"/g)].map(([, name, value]) => [
    name,
    value,
  ]);
  return `{
    const script = document.createElement('script');
    for (const [name, value] of ${JSON.stringify(attributes)}) script.setAttribute(name, value);
    document.head.appendChild(script);
  }`;
}

/** The tag's options in the query of its address, and no attributes. */
function queried(tag: string): string {
  const options = [...tag.matchAll(/ data-([a-z-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  return `<script src="${/src="([^"]*)"/.exec(tag)?.[1]}?${new URLSearchParams(options)}"></script>`;
}

/** Shows the checkout in a frame of another page of the site. */
function openInFrame(attributes: string) {
  return async (scene: Scene) => {
    const frame = `<iframe ${attributes} src="${scene.checkout}?onramp_ref=r-1"></iframe>`;
    await tabOf(scene).goto(putPlainPage(scene.site, '/around', frame));
    await untilVisited(scene);
  };
}

const scriptIsBlocked = { status: 'held', reason: 'script not loaded' };

export const tag: Theme = {
  name: 'The tag',
  situations: [
    { name: 'the tag stands twice', page: { put: (tag) => tag + tag } },
    {
      name: 'the tag stands twice, with different keys',
      page: {
        put: (tag) =>
          (tag + tag.replace(/data-partner-key="[^"]*"/, 'data-partner-key="pk_other"')).replaceAll(
            ' async',
            '',
          ),
      },
    },
    {
      name: 'the tag is a module',
      engineDecides: true,
      page: { put: (tag) => tag.replace(' async', ' type="module"') },
    },
    { name: 'the tag is put in by a script', page: { put: (tag) => `<script>${injecting(tag)}</script>` } },
    {
      name: 'the tag is put in by a script that strips attributes',
      page: { put: (tag) => `<script>${injecting(queried(tag))}</script>` },
    },
    {
      name: 'the tag is put in after load',
      page: {
        put: (tag) => `<script>addEventListener('load', () => setTimeout(() => ${injecting(tag)}))</script>`,
      },
    },
    {
      name: 'the page is a thank-you page without any JavaScript of its own',
      page: { stub: '', attributes: thankYou },
      steps: [land],
    },
    {
      name: "the page stands in a frame of the site's own",
      engineDecides: true,
      page: { attributes: thankYou },
      steps: [openInFrame('')],
    },
    {
      name: 'the page stands in a sandboxed frame, with scripts only',
      engineDecides: true,
      page: { attributes: thankYou },
      steps: [openInFrame('sandbox="allow-scripts"')],
      outcome: onceOfAnyLevel,
    },
    {
      name: 'the script is blocked',
      steps: [
        network('script', drop),
        openCheckout,
        inPage(() => {
          const order = { serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' };
          return Promise.all([window.onrampTrack(order), window.onrampTrack('referral')]);
        }, [scriptIsBlocked, scriptIsBlocked]),
      ],
      outcome: nothing,
    },
    {
      name: 'the script comes only after the purchase',
      page: {
        put: (tag) => `<script>addEventListener('load', () => setTimeout(() => ${injecting(tag)}))</script>`,
      },
      steps: [
        network('script', holdBack),
        openCheckout,
        inPage(() => {
          void window.onrampTrack({ serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' });
        }),
        async ({ gate }) => gate.free(),
        untilVisited,
      ],
    },
  ],
};
