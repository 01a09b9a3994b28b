import { html } from '../pages/html.ts';

/** What to paste where, for one way to build a site. */
export interface Guide {
  /** Of its anchor in the page. */
  id: string;
  name: string;
  /** What is to be known before. */
  hint: string;
  snippets: readonly Snippet[];
}

export interface Snippet {
  /** Where it belongs. */
  title: string;
  code: string;
}

/** Whose page it goes into. */
export interface PixelParts {
  /** ONRAMP_BASE_URL, without a slash behind it. */
  baseUrl: string;
  partnerKey: string;
  serviceName: string;
}

/** Keeps a call that is made before the script has loaded, and lets no blocked script break a page. */
export const stub =
  "<script>window.onrampTrack=window.onrampTrack||function(){var a=arguments;return new Promise(function(r){(onrampTrack.q=onrampTrack.q||[]).push([a,r]);setTimeout(r,2e3,{status:'held',reason:'script not loaded'})})}</script>";

/** The line to paste with the provider's own key, for the ways in which sites are built. */
export function guidesFor(parts: PixelParts): Guide[] {
  return [plain(parts), withoutScript(parts), tagManager(parts), strictPolicy(parts), nextJs(parts)];
}

function tag({ baseUrl, partnerKey, serviceName }: PixelParts, more = ''): string {
  const attributes = html`src="${baseUrl}/onramp.js" data-partner-key="${partnerKey}" data-service-name="${serviceName}"`;
  return `<script async ${attributes.markup}${more}></script>`;
}

function plain(parts: PixelParts): Guide {
  return {
    id: 'plain',
    name: 'Plain HTML',
    hint: 'For any site whose templates you can edit.',
    snippets: [
      { title: 'On every page that visitors from the marketplace may land on', code: tag(parts) },
      {
        title: 'On the page after checkout, with your own values',
        code: `${stub}
${tag(parts)}
<script>
  onrampTrack({ customerId: '42', orderId: 'A-1001', amount: '49.90', currency: 'EUR' })
</script>`,
      },
    ],
  };
}

function withoutScript(parts: PixelParts): Guide {
  const order = `
        data-track="purchase" data-customer-id="42" data-order-id="A-1001"
        data-amount="49.90" data-currency="EUR"`;
  return {
    id: 'attributes',
    name: 'Without JavaScript',
    hint: 'Your server fills in the attributes of the thank-you page; nothing is called.',
    snippets: [
      { title: 'On every page that visitors from the marketplace may land on', code: tag(parts) },
      { title: 'On the page after checkout, instead', code: tag(parts, order) },
    ],
  };
}

/** Its custom HTML drops data attributes, so that all stands in the address; its variables put quotes around texts. */
function tagManager({ baseUrl, partnerKey, serviceName }: PixelParts): Guide {
  const query = new URLSearchParams({ 'partner-key': partnerKey, 'service-name': serviceName });
  return {
    id: 'tag-manager',
    name: 'Google Tag Manager',
    hint: 'Two tags of the type Custom HTML. The variables are your own, such as the data layer’s transaction_id.',
    snippets: [
      {
        title: 'First tag, with the trigger “All Pages”',
        code: html`<script async src="${baseUrl}/onramp.js?${query.toString()}"></script>`.markup,
      },
      {
        title: 'Second tag, with the trigger of your purchase event',
        code: `${stub}
<script>
  onrampTrack({
    customerId: {{Customer ID}},
    orderId: {{Transaction ID}},
    amount: {{Transaction Value}},
    currency: {{Transaction Currency}}
  })
</script>`,
      },
    ],
  };
}

function strictPolicy(parts: PixelParts): Guide {
  const origin = new URL(parts.baseUrl).origin;
  const withNonce = (code: string) => code.replaceAll('<script', '<script nonce="NONCE"');
  return {
    id: 'csp',
    name: 'Strict Content Security Policy',
    hint: 'NONCE is a random text that your server makes anew for every answer.',
    snippets: [
      {
        title: 'In the header; keep what else yours allows',
        code: `Content-Security-Policy: script-src 'nonce-NONCE' 'strict-dynamic'; connect-src ${origin}; img-src ${origin}`,
      },
      { title: 'On every page that visitors from the marketplace may land on', code: withNonce(tag(parts)) },
      {
        title: 'On the page after checkout, with your own values',
        code: withNonce(`${stub}
${tag(parts)}
<script>
  onrampTrack({ customerId: '42', orderId: 'A-1001', amount: '49.90', currency: 'EUR' })
</script>`),
      },
    ],
  };
}

function nextJs({ baseUrl, partnerKey, serviceName }: PixelParts): Guide {
  const attributes = html`src="${baseUrl}/onramp.js" data-partner-key="${partnerKey}" data-service-name="${serviceName}"`;
  const stubSource = stub.replace(/<\/?script>/g, '');
  return {
    id: 'nextjs',
    name: 'Next.js',
    hint: 'The app router; no package to install.',
    snippets: [
      {
        title: 'app/layout.jsx, around every page',
        code: `import Script from 'next/script';

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        {children}
        <Script ${attributes.markup} />
      </body>
    </html>
  );
}`,
      },
      {
        title:
          'app/purchase.jsx, for the page after checkout: <Purchase customerId="42" orderId="A-1001" … />',
        code: `'use client';

import { useEffect } from 'react';

export function Purchase({ customerId, orderId, amount, currency }) {
  useEffect(() => {
    ${stubSource};
    window.onrampTrack({ customerId, orderId, amount, currency });
  }, [customerId, orderId, amount, currency]);
  return null;
}`,
      },
    ],
  };
}
