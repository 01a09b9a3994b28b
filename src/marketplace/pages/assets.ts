import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkFrom } from './link.ts';

/** A file that pages load. */
export interface Asset {
  /** Media type. */
  type: string;
  bytes: Buffer;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const rooms = resolve(import.meta.dirname, '..');

/** What comes from a package, by the name that pages know it by. */
const packaged: Readonly<Record<string, string>> = {
  'uplot/uPlot.js': 'uplot/dist/uPlot.esm.js',
  'uplot/uPlot.css': 'uplot/dist/uPlot.min.css',
};

/**
 * All files that pages load, by their names: what is in a room's folder `browser`, as it is called from the room's parent
 * (`pages/browser/zone.js`), and what comes from packages (`uplot/uPlot.js`). So modules find each other by the same
 * relative addresses in the source and in the browser.
 */
export const assets: ReadonlyMap<string, Asset> = new Map([
  ...globSync('*/browser/*.{js,css,svg}', { cwd: rooms })
    .sort()
    .map((name) => read(name, resolve(rooms, name))),
  ...Object.entries(packaged).map(([name, path]) => read(name, fileURLToPath(import.meta.resolve(path)))),
]);

function read(name: string, file: string): [name: string, asset: Asset] {
  return [name, { type: types[extname(name)] ?? 'application/octet-stream', bytes: readFileSync(file) }];
}

/** Of all of them together, since they import each other: a part of their addresses, which may be kept for ever. */
export const assetsVersion = versionOf(assets);

function versionOf(files: ReadonlyMap<string, Asset>): string {
  const hash = createHash('sha256');
  for (const [name, { bytes }] of files) hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex').slice(0, 12);
}

/**
 * The address of an asset, from that of a request.
 *
 * @throws Error when there is none of the name
 */
export function assetLink(requestUrl: string, name: string): string {
  if (!assets.has(name)) throw new Error(`There is no asset ${name}.`);
  return linkFrom(requestUrl, `assets/${assetsVersion}/${name}`);
}
