import { type Html, html, scriptJson } from '../../html.ts';
import { type Origins, serviceName } from '../../origins.ts';
import type { Order } from './orders.ts';

/** The one line on every page of the provider. */
export function tag(origins: Origins, partnerKey: string): Html {
  return html`<script async src="${origins.service}/onramp.js" data-partner-key="${partnerKey}" data-service-name="${serviceName}"></script>`;
}

/** Stands before the call, so that a call made before the script has loaded is kept. */
export const stub = html`<script>window.onrampTrack=window.onrampTrack||function(){var a=arguments;return new Promise(function(r){(onrampTrack.q=onrampTrack.q||[]).push([a,r]);setTimeout(r,2e3,{status:'held',reason:'script not loaded'})})}</script>`;

/** The call on the thank-you page. */
export function call({ customerId, orderId, plan, currency }: Order): Html {
  return html`onrampTrack(${scriptJson({ customerId, orderId, amount: plan.amount, currency })})`;
}
