/** The stub that pages put before the tag, so that a call before the script has loaded is kept. */
export const stub =
  "<script>window.onrampTrack=window.onrampTrack||function(){var a=arguments;return new Promise(function(r){(onrampTrack.q=onrampTrack.q||[]).push([a,r]);setTimeout(r,2e3,{status:'held',reason:'script not loaded'})})}</script>";

/** Stubs that providers have pasted over the years: they push `arguments` alone, and promise nothing. */
export const plainStub =
  '<script>window.onrampTrack=function(){(onrampTrack.q=onrampTrack.q||[]).push(arguments)}</script>';

/** The tag's attributes without `data-`, in camel case. */
export type TagAttributes = Record<string, string>;

/** The line that a provider pastes. */
export function createTag(baseUrl: string, attributes: TagAttributes): string {
  const data = Object.entries(attributes).map(([name, value]) => {
    const attribute = name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
    return ` data-${attribute}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
  });
  return `<script async src="${baseUrl}/onramp.js"${data.join('')}></script>`;
}
