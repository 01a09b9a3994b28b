import { Html, html } from '../html.ts';
import { style } from './style.ts';

export interface PageParts {
  title: string;
  /** Whose page it is. */
  provider?: Brand | undefined;
  content: Html;
  /** The page asks for itself anew after so many seconds. */
  refreshSeconds?: number | undefined;
}

export interface Brand {
  name: string;
  /** Address of the logo. */
  logo: string | undefined;
}

const styleElement = new Html(`<style>${style}</style>`);

/** A whole page. */
export function page({ title, provider, content, refreshSeconds }: PageParts): string {
  const titleAndProvider = provider && !title.includes(provider.name) ? `${title} – ${provider.name}` : title;
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${refreshSeconds !== undefined && html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${titleAndProvider}</title>
${styleElement}
<body>
<main>
<div class="paper">
${provider && brand(provider)}
${content}
</div>
</main>
`.markup;
}

function brand({ name, logo }: Brand): Html {
  return logo === undefined
    ? html`<p class="provider">${name}</p>`
    : html`<p class="provider"><img class="logo" src="${logo}" alt="${name}"></p>`;
}
