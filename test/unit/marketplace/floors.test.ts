// Who imports whom in the service, types included: down from floor to floor, and never in a circle.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../../src/marketplace');

/** From the top down. Rooms of one floor don't know each other. */
const floors: readonly (readonly string[])[] = [
  ['bin'],
  ['main.ts'],
  ['commands'],
  ['serve.ts'],
  ['app.ts', 'meanwhile.ts'],
  ['openapi'],
  ['console', 'portal'],
  ['views'],
  ['signin', 'administration'],
  ['reading'],
  ['figures'],
  ['tracking', 'subscriptions', 'provisioning'],
  ['assets.ts', 'script.ts', 'metrics.ts', 'purge.ts'],
  ['links'],
  ['limits'],
  ['operators'],
  ['providers'],
  ['http', 'pages'],
  ['store'],
  ['ledger'],
];

const files = globSync('**/*.{ts,js}', { cwd: root, exclude: ['node_modules/**', 'build/**', 'dist/**'] });
const roomOf = (file: string) => file.split('/', 1)[0] ?? '';
const floorOf = (file: string) => floors.findIndex((rooms) => rooms.includes(roomOf(file)));

/** The files of the service that the file imports. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const addresses = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'|new URL\('(\.[^']+\.ts)'/g)];
  return addresses
    .map(([, imported, started]) => join(dirname(file), imported ?? started ?? ''))
    .filter((target) => files.includes(target));
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));

test('every file has its floor', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => floorOf(file) < 0)).toEqual([]);
});

test('imports lead down, or stay in their room', () => {
  const up = [...imports].flatMap(([file, targets]) =>
    targets
      .filter((target) => roomOf(target) !== roomOf(file) && floorOf(target) <= floorOf(file))
      .map((target) => `${file} imports ${target}`),
  );
  expect(up).toEqual([]);
});

test('no file imports itself by way of others', () => {
  const circles: string[] = [];
  const done = new Set<string>();
  function follow(file: string, way: readonly string[]): void {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' > '));
    if (way.includes(file) || done.has(file)) return;
    for (const target of imports.get(file) ?? []) follow(target, [...way, file]);
    done.add(file);
  }
  for (const file of files) follow(file, []);
  expect(circles).toEqual([]);
});
