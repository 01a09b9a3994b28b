import { type Html, html } from '../html.ts';
import type { Origins } from '../origins.ts';

interface LayoutOptions {
  /** Names the folder below public/ and the stylesheet in it. */
  site: string;
  title: string;
  /** The marker that the console lights while this page is open in its frame. */
  step: string;
  origins: Origins;
}

/** The page around the content; step.js tells the console, if it is around it, where its visitor is. */
export function layout(
  { site, title, step, origins }: LayoutOptions,
  content: Html,
  head: Html = html``,
): Html {
  return html`<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/base.css">
    <link rel="stylesheet" href="/${site}.css">
    <script src="/step.js" data-step="${step}" data-console="${origins.console}"></script>
    ${head}
  </head>
  <body>${content}
  </body>
</html>
`;
}
