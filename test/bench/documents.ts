import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { renderPicture } from './picture/picture.ts';
import { renderTables } from './report.ts';
import type { Results } from './results.ts';

const docs = resolve(import.meta.dirname, '../../docs');
const begin = '<!-- measured: npm run bench rewrites what stands from here -->';
const end = '<!-- to here -->';

export async function writeDocuments(results: Results): Promise<string> {
  const page = resolve(docs, 'benchmark.md');
  await writeFile(page, placeBetweenMarkers(await readFile(page, 'utf8'), renderTables(results)));
  await writeFile(resolve(docs, 'benchmark.svg'), renderPicture(results));
  return 'docs/benchmark.md and docs/benchmark.svg';
}

/** Leaves what people wrote around the markers alone. */
export function placeBetweenMarkers(page: string, text: string): string {
  const [before, rest = ''] = page.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`the page lacks its markers, ${begin} and ${end}`);
  return `${before}${begin}\n\n${text}\n\n${end}${after}`;
}
