/**
 * The marketplace's service with all its libraries in one file, and the thread that reads its lists in another, for tests
 * that start it as a process: of the 0.8 s of processor time that a start takes, 0.35 s go into finding and reading a
 * thousand files, and of the 0.28 s of the thread 0.19 s.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

/** Started as src/marketplace/bin/onramp-marketplace.js is, by the Node that the checkout pins. */
export const bundledService = resolve(root, '.cache/onramp-marketplace.mjs');

/** A service starts it when the first list is asked for. */
const listThread = 'src/marketplace/reading/listThread.ts';
const bundledListThread = resolve(root, '.cache/onramp-marketplace-lists.mjs');

/** Each file is still where it was: from there it finds pages, scripts and the other thread. */
const ownPlaces: Plugin = {
  name: 'own places',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source
        .replaceAll(`'./${basename(listThread)}'`, JSON.stringify(pathToFileURL(bundledListThread).href))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
      return { contents, loader: 'ts' };
    });
  },
};

/** A run of tests calls it before they begin. */
export async function bundleService(): Promise<void> {
  await bundle(`import './${listThread}';`, bundledListThread);
  await bundle(
    `import { main } from './src/marketplace/main.ts';
    process.exitCode = await main(process.argv.slice(2));`,
    bundledService,
  );
}

async function bundle(contents: string, outfile: string): Promise<void> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: `node${process.versions.node}`,
    // Its library is a binary that it looks for beside itself.
    external: ['better-sqlite3'],
    // What CommonJS has, for libraries that are written in it.
    banner: {
      js: [
        "import { createRequire } from 'node:module';",
        'const require = createRequire(import.meta.url);',
        'const { dirname: __dirname, filename: __filename } = import.meta;',
      ].join('\n'),
    },
    plugins: [ownPlaces],
    write: false,
    outfile,
    logLevel: 'warning',
  });
  await mkdir(dirname(outfile), { recursive: true });
  // Other projects of the run, or another run, do the same: whoever starts it meanwhile reads one of them whole.
  const own = `${outfile}.${randomUUID()}`;
  for (const { contents: bytes } of outputFiles) await writeFile(own, bytes);
  await rename(own, outfile);
}
