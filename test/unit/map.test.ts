// Whoever takes the code over goes by ARCHITECTURE.md and by comments: what they name is there, and no room is left out.
import { globSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const files = globSync(['*.{ts,js,mjs}', '{src,test,tools,demo,bench,dist}/**/*.{ts,js,mjs}'], {
  cwd: root,
  exclude: ['**/node_modules/**', 'src/marketplace/{build,dist,test}/**'],
});
const page = readFileSync(resolve(root, 'ARCHITECTURE.md'), 'utf8');

/** What reads like a file's name and is none of ours: `kid.ts.mac` is a token. */
const others = new Set(['Next.js', 'ipaddr.js', 'kid.ts', 'onramp-checkout.js', 'uplot/uPlot.js']);

/** The ends of paths: `http/errors.ts` of `../http/errors.ts`. */
function missingFiles(text: string): string[] {
  const named = [...text.matchAll(/(?<![\w*…./-])(?:\.{0,2}\/)*(\w[\w./-]*\.(?:ts|js|mjs))\b/g)].map(
    ([, path = '']) => path,
  );
  return named.filter((path) => !others.has(path) && !files.some((file) => `/${file}`.endsWith(`/${path}`)));
}

test('every file that the map names is there', () => {
  expect(missingFiles(page)).toEqual([]);
  expect(missingFiles('tracking/receive.ts of ../tracking/deceive.ts')).toEqual(['tracking/deceive.ts']);
});

test('the map names every room of the source', () => {
  const rooms = new Set(files.map((file) => /^src\/(marketplace\/)?\w+(?=\/)/.exec(file)?.[0]));
  rooms.delete(undefined);
  expect(rooms.size).toBeGreaterThan(25);
  expect([...rooms].filter((room = '') => !page.includes(`${basename(room)}/`))).toEqual([]);
});

test('every file that a comment names is there', () => {
  const missing = files
    .filter((file) => !file.startsWith('dist/'))
    .flatMap((file) => {
      const lines = readFileSync(resolve(root, file), 'utf8').split('\n');
      const comments = lines.filter((line) => /^\s*(\/\/|\/?\*)/.test(line));
      return missingFiles(comments.join('\n')).map((name) => `${file}: ${name}`);
    });
  expect(missing).toEqual([]);
});
