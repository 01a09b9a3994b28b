// CONTRIBUTING.md says where an option, an event, a column and a command stand. Whoever moves one of them mends the page.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(resolve(root, 'CONTRIBUTING.md'), 'utf8');
const sources = globSync('src/**/*.{ts,js}', {
  cwd: root,
  exclude: ['**/node_modules/**', 'src/marketplace/{build,dist}/**'],
});

/** What the section follows through the tree, and the files of its table. */
function readSection(title: string): { lead: string; files: string[] } {
  const [, section = ''] = page.split(`### … ${title}\n`);
  const [lead = '', ...rows] = (section.split('\n### ')[0] ?? '').split('\n| ');
  return {
    lead,
    files: rows
      .flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`(src\/[^`]+)`/g)])
      .map(([, file = '']) => file),
  };
}

test.each([
  { title: 'an option of the tag', words: ['windowDays'] },
  { title: 'an event', words: ["'renewal'", 'renewal:'] },
  { title: 'a column of the ledger', words: ['referral_source', "'referralSource'"] },
  { title: 'a command of the service', words: ['addFiguresCommand'] },
])('how to add $title: the page names every file where $words stands', ({ title, words }) => {
  const { lead, files } = readSection(title);
  for (const word of words) expect(lead).toContain(`\`${word}\``);
  const standsIn = sources.filter((file) => {
    const text = readFileSync(resolve(root, file), 'utf8');
    return words.some((word) => new RegExp(`(?<!\\w)${word}(?!\\w)`).test(text));
  });
  expect(files.toSorted()).toEqual(standsIn.toSorted());
});

test('every file and npm script that the page names is there', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(resolve(root, 'package.json'), 'utf8'),
  );
  const paths = [...page.matchAll(/(?<=[`\s(])((?:src|test|docs)\/[\w/.]+\.(?:ts|js|md))/g)].map(
    ([path]) => path,
  );
  expect(paths.length).toBeGreaterThan(40);
  expect(paths.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
  const called = [...page.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
  expect(called.filter((name) => !(name in scripts))).toEqual([]);
  const projects = [...page.matchAll(/--project[= ](\w+)/g)].map(([, name = '']) => name);
  const configurations = ['vitest.config.ts', 'playwright.config.ts'].map((file) =>
    readFileSync(resolve(root, file), 'utf8'),
  );
  expect(projects.filter((name) => !configurations.some((text) => text.includes(`name: '${name}'`)))).toEqual(
    [],
  );
});
