// What npm ci goes by, on this machine and on others.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

interface Entry {
  link?: boolean;
  integrity?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

const locks = ['package-lock.json', 'bench/package-lock.json', 'test/provider/frameworks/package-lock.json'];

describe.each(locks)('%s', (file) => {
  const { packages }: { packages: Record<string, Entry> } = JSON.parse(
    readFileSync(resolve(root, file), 'utf8'),
  );
  const entries = Object.entries(packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && !link,
  );

  test('every package has a checksum, and none a host', () => {
    expect(entries.length).toBeGreaterThan(200);
    expect(
      entries.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path),
    ).toEqual([]);
    expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  test('what a package needs on other platforms stands in it as well', () => {
    const missing = entries.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !placesOf(name, path).some((place) => packages[place]),
      ),
    );
    expect(missing).toEqual([]);
  });
});

/** Where Node looks for a package that another imports. */
function placesOf(name: string, importer: string): string[] {
  const folders = importer.split('/node_modules/').map((_, depth, names) => names.slice(0, depth + 1));
  return ['', ...folders.map((names) => `${names.join('/node_modules/')}/`)].map(
    (folder) => `${folder}node_modules/${name}`,
  );
}
