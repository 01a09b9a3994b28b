import { escapeControls } from '../../wire/text.ts';
import { assetLink } from './assets.ts';
import { type Html, html } from './html.ts';
import { linkFrom } from './link.ts';
import { said } from './said.ts';

/** Nothing runs or is loaded but the service's own files, nobody frames a page, and its forms go nowhere else. */
export const framedPolicy: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'form-action': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
  'require-trusted-types-for': ["'script'"],
};

/** A part of the service that has pages of its own: the marketplace's console, the provider's page. */
export interface Area {
  name: string;
  /** Path of its first page, without a slash before it. */
  path: string;
  /** Its pages, as they stand in the menu. */
  navigation: readonly { text: string; path: string }[];
}

export interface FrameParts {
  /** Address of the request, from which links lead. */
  url: string;
  title: string;
  area: Area;
  /** Who reads, and their menu; left out where nobody has signed in. */
  reader?: string | undefined;
  content: Html;
  /** Modules that the page runs, as assets.ts names them; zone.js and menu.js are always there. */
  modules?: readonly string[];
  /** Style sheets beside the frame's own, as assets.ts names them. */
  styles?: readonly string[];
  /** The zone in which the page shows times; one that shows none leaves it out. */
  zone?: string | undefined;
}

/** A whole page of an area: the bar with its menu, the content in <main>, and what all of them load. */
export function framedPage(parts: FrameParts): string {
  const { url, title, area, reader, content, modules = [], styles = [], zone } = parts;
  const sheets = ['pages/browser/frame.css', ...styles];
  const scripts = ['pages/browser/zone.js', 'pages/browser/menu.js', ...modules];
  return html`<!doctype html>
<html lang="en"${zone !== undefined && html` data-zone="${zone}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeControls(title)} – Onramp ${area.name}</title>
<link rel="icon" href="${assetLink(url, 'pages/browser/icon.svg')}">
${sheets.map((name) => html`<link rel="stylesheet" href="${assetLink(url, name)}">\n`)}${scripts.map(
  (name) => html`<script type="module" src="${assetLink(url, name)}"></script>\n`,
)}</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="bar">
<a class="home" href="${linkFrom(url, area.path)}"><img src="${assetLink(url, 'pages/browser/icon.svg')}" alt="" width="24"
height="24"><span><span class="brand">Onramp</span> ${area.name}</span></a>
${reader !== undefined && menu(parts, reader)}
</header>
<main id="content" tabindex="-1">
${content}
</main>
${zone !== undefined && html`<footer class="foot">Times are in ${zone}.</footer>`}
</body>
</html>
`.markup;
}

function menu({ url, area }: FrameParts, reader: string): Html {
  return html`<nav aria-label="Pages"><ul>
${area.navigation.map(({ text, path }) => html`<li><a class="item" href="${linkFrom(url, path)}"${current(url, area, path)}>${text}</a></li>\n`)}</ul></nav>
<div class="reader">
<a class="item" href="${linkFrom(url, `${area.path}/sessions`)}"${current(url, area, `${area.path}/sessions`)}>${said(reader)}</a>
<form method="post" action="${linkFrom(url, `${area.path}/sign-out`)}"><button class="plain">Sign out</button></form>
</div>`;
}

/** Marks the link to the page itself, and to the list from which a page below it comes. */
function current(url: string, area: Area, path: string): Html | undefined {
  const own = url.split('?', 1)[0]?.replace(/^\/+|\/+$/g, '') ?? '';
  if (own === path) return html` aria-current="page"`;
  return own.startsWith(`${path}/`) && path !== area.path ? html` aria-current="true"` : undefined;
}
