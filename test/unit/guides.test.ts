// The form that every guide has: what you will have, and how to see that it works.
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const folder = resolve(import.meta.dirname, '../../docs/guides');
const names = (await readdir(folder)).filter((name) => name.endsWith('.md') && name !== 'README.md');
const read = (name: string) => readFile(resolve(folder, name), 'utf8');

test.each(names)('%s begins with the result and ends with its proof', async (name) => {
  const page = await read(name);
  expect(page.split('\n').slice(0, 12).join('\n')).toMatch(/^(## What you will have|You will have:)/m);
  expect(page.match(/^## .*$/gm)?.at(-1)).toBe('## See that it works');
});

test('the index has each of them', async () => {
  const index = await read('README.md');
  expect(names.filter((name) => !index.includes(`](${name})`))).toEqual([]);
});
