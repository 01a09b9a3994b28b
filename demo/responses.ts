import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Html } from './html.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export function page(content: Html, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(`<!doctype html>\n${content.html}`, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', ...headers },
  });
}

/** 303, so that a form that was posted isn't posted again. */
export function seeOther(address: string): Response {
  return new Response(null, { status: 303, headers: { location: address } });
}

export function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { 'cache-control': 'no-store' } });
}

export function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

/** A file of a site's own folder below public/, or of the folder that all sites share. */
export async function publicFile(site: string, pathname: string): Promise<Response> {
  for (const name of [site, 'shared']) {
    const folder = new URL(`./public/${name}/`, import.meta.url);
    const file = new URL(`.${pathname}`, folder);
    const type = types[extname(file.pathname)];
    if (!type || !file.href.startsWith(folder.href)) continue;
    const content = await readFile(file).catch(() => undefined);
    if (content)
      return new Response(content, { headers: { 'content-type': type, 'cache-control': 'no-cache' } });
  }
  return plain(404, 'There is no such page here.');
}
