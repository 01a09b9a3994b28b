import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/** Where the bench's own lock file installs the peers. */
export const peersFolder = resolve(import.meta.dirname, '..');
const modules = resolve(peersFolder, 'node_modules');

export function readPackageFile(name: string, path: string): string {
  return readFileSync(resolve(modules, name, path), 'utf8');
}

/** For what a package can only be asked for at run time, such as a snippet that it makes. */
export async function importPackage<Exports>(name: string, path: string): Promise<Exports> {
  return await import(resolve(modules, name, path));
}

export function versionOf(name: string): string {
  const { version }: { version: string } = JSON.parse(readPackageFile(name, 'package.json'));
  return version;
}

/**
 * A script for a page out of a package that ships modules only: the names asked for, on one global, with all
 * else left out.
 */
export async function bundlePackage(name: string, globalName: string, names: string[]): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${names.join(', ')} } from '${name}'`, resolveDir: peersFolder },
    bundle: true,
    minify: true,
    format: 'iife',
    globalName,
    target: 'es2017',
    legalComments: 'none',
    write: false,
  });
  return outputFiles.map((file) => file.text).join('');
}

/** What stands between the script tags of a snippet that a vendor ships as HTML. */
export function scriptIn(html: string): string {
  const text = /<script[^>]*>([\s\S]*?)<\/script>/.exec(html)?.[1];
  if (!text) throw new Error(`no script in: ${html}`);
  return text;
}
