import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const manifests = ['package.json', 'src/marketplace/package.json', 'src/provider/package.json'];
/** What the kit says of itself; a bundle has no package.json to read it from. */
const kit = 'src/provider/parts.ts';
/** WordPress reads it there. */
const plugin = 'src/wordpress/onramp-pixel/onramp-pixel.php';
/** Whose commands name the packages' files. */
const pages = ['*.md', 'docs/**/*.md'];

/**
 * Writes the version wherever it stands.
 *
 * @throws Error when a file has lost the place
 */
export function stampVersion(root: string, version: string): void {
  const change = (path: string, place: RegExp) => {
    const text = readFileSync(join(root, path), 'utf8');
    if (!place.test(text)) throw new Error(`${path} doesn't say its version where it used to.`);
    writeFileSync(join(root, path), text.replace(place, version));
  };
  for (const path of manifests) change(path, /(?<=^ {2}"version": ")[^"]*/m);
  change(kit, /(?<=^const version = ')[^']*/m);
  change(plugin, /(?<=^ \* Version: +)\S+/m);
  stampLock(join(root, 'package-lock.json'), version);
  for (const path of globSync(pages, { cwd: root, exclude: ['node_modules', 'CHANGELOG.md'] })) {
    const file = join(root, path);
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replace(/(?<=\bonramp-(?:pixel|marketplace)-)\d+\.\d+\.\d+(?=\.tgz\b)/g, version),
    );
  }
}

interface Lock {
  version: string;
  packages: Record<string, { version?: string }>;
}

function stampLock(file: string, version: string): void {
  const lock: Lock = JSON.parse(readFileSync(file, 'utf8'));
  lock.version = version;
  for (const path of ['', 'src/marketplace', 'src/provider']) {
    const entry = lock.packages[path];
    if (!entry) throw new Error(`package-lock.json has no entry "${path}".`);
    entry.version = version;
  }
  writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
}
