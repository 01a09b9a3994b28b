import { createHash } from 'node:crypto';
import { Html, html } from './html.ts';

/** Stands in each page, and its hash in the policy, so that a page is one request and loads nothing. */
const style = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --paper: #fff; --ink: #1b2330; --muted: #566072; --line: #8a93a3; --faint: #dfe3ea;
  --accent: #1d4fc4; --on-accent: #fff; --bad: #b3261e; --bad-ground: #fdf0ef; --good: #17703c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161d; --paper: #1a202a; --ink: #e8ebf1; --muted: #a3adbd; --line: #6d788b; --faint: #2d3542;
    --accent: #8fb1ff; --on-accent: #0d1a38; --bad: #ffb4ab; --bad-ground: #3a1d1b; --good: #7fd8a0;
  }
}
*, *::before, *::after { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 36rem; margin: 0 auto; padding: 2rem 1rem 3rem }
.paper { padding: 2rem; border: 1px solid var(--faint); border-radius: .75rem; background: var(--paper) }
.provider { display: flex; align-items: center; gap: .75rem; margin: 0 0 1.25rem; font-weight: 600 }
.logo { display: block; max-width: 12rem; max-height: 3.5rem }
@media (prefers-color-scheme: dark) {
  .logo { padding: .375rem .5rem; border-radius: .375rem; background: #fff }
}
h1 { margin: 0 0 .5rem; font-size: 1.625rem; line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere }
h2 { margin: 0 0 .25rem; font-size: 1.0625rem }
p { margin: 0 0 1rem; overflow-wrap: anywhere }
a { color: var(--accent) }
.muted { color: var(--muted) }
.small { font-size: .875rem }
form { margin-top: 1.5rem }
.field { margin: 0 0 1.125rem }
label { display: block; margin: 0 0 .25rem; font-weight: 600 }
label .muted { font-weight: 400 }
input { display: block; width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--line);
  border-radius: .5rem; background: var(--paper); color: var(--ink); font: inherit }
input[aria-invalid] { border: 2px solid var(--bad) }
.error { margin: 0 0 .375rem; color: var(--bad); font-weight: 600 }
.hint { margin: 0 0 .375rem }
.summary { margin: 1.5rem 0 0; padding: 1rem 1.25rem; border-inline-start: .25rem solid var(--bad);
  border-radius: .25rem; background: var(--bad-ground) }
.summary > :last-child { margin-bottom: 0 }
.summary ul { margin: 0; padding-inline-start: 1.25rem }
.summary a { color: inherit }
.note { border-color: var(--accent); background: var(--ground) }
button { width: 100%; min-height: 3rem; margin: .5rem 0 0; padding: .625rem 1.25rem; border: 0; border-radius: .5rem;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer }
button:hover { filter: brightness(1.1) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.state { margin: 0 0 .25rem; font-weight: 600; color: var(--muted) }
.state.good { color: var(--good) }
.state.bad { color: var(--bad) }
.unseen { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%) }
dl { margin: 1.25rem 0 0; padding: 1rem 0 0; border-top: 1px solid var(--faint) }
dt { color: var(--muted); font-size: .875rem }
dd { margin: 0; font-size: 1.125rem; font-weight: 600; overflow-wrap: anywhere }
.below { margin: 1rem 0 0; text-align: center; text-wrap: balance }
@media (max-width: 30rem) {
  main { padding: 0 0 2rem }
  .paper { padding: 1.25rem 1rem 1.5rem; border-width: 0 0 1px; border-radius: 0 }
}
`;

/** Nothing runs, nothing comes from elsewhere, nobody frames it, and its forms go nowhere else. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src '${hashOf(style)}'`,
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What runs in a page, standing in it, and the policy by which that and nothing else does. */
export interface PageScript {
  element: Html;
  policy: string;
}

/** @param source that may ask for the page's own site; without `</script` */
export function createPageScript(source: string): PageScript {
  return {
    // A module, which leaves no names behind and runs when the page stands.
    element: new Html(`<script type="module">${source}</script>`),
    policy: `${pagePolicy}; script-src '${hashOf(source)}'; connect-src 'self'`,
  };
}

function hashOf(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`;
}

export interface PageParts {
  title: string;
  /** Whose page it is. */
  provider?: Brand | undefined;
  content: Html;
}

export interface Brand {
  name: string;
  /** Address of the logo. */
  logo: string | undefined;
}

const styleElement = new Html(`<style>${style}</style>`);

/** A whole page. */
export function page({ title, provider, content }: PageParts): string {
  const titleAndProvider = provider && !title.includes(provider.name) ? `${title} – ${provider.name}` : title;
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
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
