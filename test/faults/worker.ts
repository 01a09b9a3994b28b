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

/** Keeps the first answer to an image of each path for all that ask for that path, and tells the site so. */
const cachingSource = `
  const kept = new Map();
  const length = (url) => Number(/\\d*$/.exec(url.search)) % 1000;
  addEventListener('install', () => skipWaiting());
  addEventListener('activate', (event) => event.waitUntil(clients.claim()));
  addEventListener('fetch', (event) => {
    if (event.request.destination !== 'image') return;
    const url = new URL(event.request.url);
    const { answer, first } = kept.get(url.pathname) ?? {};
    if (!answer) {
      const fetched = fetch(event.request);
      kept.set(url.pathname, { answer: fetched.then((response) => response.clone()), first: url });
      return event.respondWith(fetched);
    }
    // Of a thousand times, two messages' pictures are the same once.
    if (length(first) === length(url)) return event.respondWith(Response.error());
    event.waitUntil(fetch('/', { method: 'POST', body: 'worker answered' }));
    event.respondWith(answer.then((response) => response.clone()));
  });`;

/** Gives the site a service worker, from a page of its own. */
function register(workerSource: string) {
  return async (scene: Scene): Promise<void> => {
    scene.site.script('/worker.js', workerSource);
    await tabOf(scene).run(async () => {
      await navigator.serviceWorker.register('/worker.js');
      await navigator.serviceWorker.ready;
    });
  };
}

export const registerWorker = register(source);
export const registerCachingWorker = register(cachingSource);

export async function untilWorkerAnswered({ site }: Scene): Promise<void> {
  await until('the worker has answered', () => site.posted.includes('worker answered'));
}
