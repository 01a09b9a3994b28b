// docs/symptoms.md is looked things up in by the words that people read: each has to be there.
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { refusals } from '../../src/marketplace/tracking/refusal.ts';
import { verdicts } from '../../src/wire/fields.ts';

const root = resolve(import.meta.dirname, '../..');
const page = await readFile(resolve(root, 'docs/symptoms.md'), 'utf8');
const coded = new Set([...page.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text.replace('onramp: ', '')));

/** What the pixel says on the console and in receipts. */
async function wordsOfPixel(): Promise<string[]> {
  const folder = resolve(root, 'src/pixel');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
  const sources = await Promise.all(names.map((name) => readFile(resolve(folder, name), 'utf8')));
  const said = sources.flatMap((source) => [...source.matchAll(/(?:warn\(|throw |reason: )'([^']+)'/g)]);
  return said.map(([, text = '']) => (text === 'no ' ? 'no customerId' : text));
}

test('every word of the pixel', async () => {
  const words = await wordsOfPixel();
  expect(words).toContain('purchase refused');
  expect(words.filter((word) => !coded.has(word))).toEqual([]);
});

test('every reason of a refusal, and the status of its answer', () => {
  expect(Object.keys(refusals).filter((reason) => !coded.has(reason))).toEqual([]);
  const statuses = new Set(Object.values(refusals).map(({ status }) => status));
  for (const status of statuses) expect(page).toMatch(new RegExp(`^\\| ${status}[ ,]`, 'm'));
});

test('every verdict by which a purchase is none of the marketplace’s', () => {
  const good = ['listing', 'host', 'server', 'none'];
  expect(verdicts.filter((verdict) => !good.includes(verdict) && !coded.has(verdict))).toEqual([]);
});
