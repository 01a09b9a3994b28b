import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildSync } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');

/** Libraries as pages load them; React without a bundler is none of its ways, so it comes as a bundle. */
const files = {
  turbo: '@hotwired/turbo/dist/turbo.es2017-umd.js',
  htmx: 'htmx.org/dist/htmx.js',
  jquery: 'jquery/dist/jquery.js',
  pjax: 'jquery-pjax/jquery.pjax.js',
  react: undefined,
} as const;

export type Library = keyof typeof files;

const sources = new Map<Library, string>();

/** The library's source text, from node_modules. */
export function readLibrary(name: Library): string {
  const source = sources.get(name) ?? load(name);
  sources.set(name, source);
  return source;
}

function load(name: Library): string {
  const file = files[name];
  if (file) return readFileSync(resolve(root, 'node_modules', file), 'utf8');
  const contents = `
    import * as React from 'react';
    import { createRoot } from 'react-dom/client';
    Object.assign(window, { React, createRoot });`;
  const bundle = buildSync({
    stdin: { contents, resolveDir: root },
    bundle: true,
    write: false,
    minify: true,
    // Only in development effects run twice.
    define: { 'process.env.NODE_ENV': '"development"' },
  });
  return bundle.outputFiles[0]?.text ?? '';
}

/** As much of their globals as the rows use. */
declare global {
  interface Window {
    Turbo: { visit(address: string): void };
    jQuery: { pjax(options: { url: string; container: string; timeout: number }): void };
  }
}
