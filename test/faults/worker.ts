import { until } from '../engines/until.ts';
import { type Scene, tabOf } from './scene.ts';

/** Puts a picture of its own in the place of each image that it can't get, and tells the site so. */
const source = `
  const picture = Uint8Array.from(atob('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='), (c) => c.charCodeAt(0));
  addEventListener('install', () => skipWaiting());
  addEventListener('activate', (event) => event.waitUntil(clients.claim()));
  addEventListener('fetch', (event) => {
    if (event.request.destination !== 'image') return;
    event.respondWith(fetch(event.request).catch(() => {
      event.waitUntil(fetch('/', { method: 'POST', body: 'worker answered' }));
      return new Response(picture, { headers: { 'content-type': 'image/gif' } });
    }));
  });`;

/** Gives the site a service worker, from a page of its own. */
export async function registerWorker(scene: Scene): Promise<void> {
  scene.site.script('/worker.js', source);
  await tabOf(scene).run(async () => {
    await navigator.serviceWorker.register('/worker.js');
    await navigator.serviceWorker.ready;
  });
}

export async function untilWorkerAnswered({ site }: Scene): Promise<void> {
  await until('the worker has answered', () => site.posted.includes('worker answered'));
}
