/**
 * Puts into src/marketplace what its package has beside bin/, as npm packs it, and takes it away again:
 * `node tools/marketplacePackage.ts fill | empty`. Below node_modules, Node runs no TypeScript, and nothing lies outside
 * of the package; so the service goes out as JavaScript, a file for a file, with what it serves and its docs.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const service = join(root, 'src/marketplace');

/** From the repository, to where it stands in the package. */
const copied: Readonly<Record<string, string>> = {
  'dist/onramp.js': 'dist/onramp.js',
  'dist/onramp_debug.js': 'dist/onramp_debug.js',
  docs: 'docs',
  'test/vectors': 'test/vectors',
  LICENSE: 'LICENSE',
  'CHANGELOG.md': 'CHANGELOG.md',
};

const filled = ['build', 'dist', 'docs', 'test', 'LICENSE', 'CHANGELOG.md', 'README.md'];

function fill(): void {
  empty();
  compile();
  for (const name of globSync('*/browser/*.{js,css,svg}', { cwd: service })) {
    cpSync(join(service, name), join(service, 'build/marketplace', name));
  }
  for (const [from, to] of Object.entries(copied)) {
    cpSync(join(root, from), join(service, to), { recursive: true });
  }
  arrangeDocs();
}

function empty(): void {
  for (const name of filled) rmSync(join(service, name), { recursive: true, force: true });
}

function compile(): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '--project', 'tsconfig.package.json'], {
    cwd: service,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The service could not be compiled.');
  // The compiler gives imports their new names, but not the files of threads.
  for (const name of globSync('build/**/*.js', { cwd: service })) {
    const file = join(service, name);
    const code = readFileSync(file, 'utf8');
    writeFileSync(file, code.replace(/(?<=new URL\('\.[^']*)\.ts(?=', import\.meta\.url\))/g, '.js'));
  }
  // The program reads its version there; of a package within the package nothing else counts.
  const { version, type } = JSON.parse(readFileSync(join(service, 'package.json'), 'utf8'));
  writeFileSync(join(service, 'build/marketplace/package.json'), `${JSON.stringify({ version, type })}\n`);
}

/** The page for operators is its README, and the README of the pixel is a page among its docs. */
function arrangeDocs(): void {
  const read = (path: string) => readFileSync(join(service, path), 'utf8');
  for (const page of globSync('docs/**/*.md', { cwd: service })) {
    writeFileSync(
      join(service, page),
      read(page).replace(/\]\(((?:\.\.\/)*)\.\.\/README\.md/g, ']($1pixel.md'),
    );
  }
  const inDocs = /\]\((?!https?:|#)/g;
  writeFileSync(join(service, 'README.md'), read('docs/marketplace.md').replace(inDocs, '](docs/'));
  const pixel = readFileSync(join(root, 'README.md'), 'utf8');
  writeFileSync(
    join(service, 'docs/pixel.md'),
    pixel.replace(inDocs, '](../').replaceAll('](../docs/', ']('),
  );
}

const [wanted] = process.argv.slice(2);
if (wanted === 'fill') fill();
else if (wanted === 'empty') empty();
else throw new Error('fill or empty?');
