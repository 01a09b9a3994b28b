import { readFile } from 'node:fs/promises';

const folder = new URL('../public/console/', import.meta.url);
const files: Record<string, string> = { '/': 'index.html', '/order': 'order.html', '/usage': 'usage.html' };

/** A page of the console, with what all of them share in place of the comments; undefined for any other path. */
export async function consolePage(pathname: string, dashboard: string): Promise<Response | undefined> {
  const file = files[pathname];
  if (!file) return undefined;
  const read = (name: string) => readFile(new URL(name, folder), 'utf8');
  const journeys = await read('parts/journeys.html');
  const browserWindow = await read('parts/window.html');
  const here = `href="${pathname}"`;
  const content = (await read(file))
    .replace('<!-- journeys -->', journeys.replace(here, `${here} aria-current="page"`))
    .replace('<!-- dashboard -->', dashboard)
    .replace('<!-- window -->', browserWindow);
  return new Response(content, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
  });
}
