import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const docs = resolve(import.meta.dirname, '../docs');
const begin = '<!-- measured: npm run bench rewrites what stands from here -->';
const end = '<!-- to here -->';

/** The measured part of a page, and its picture. */
export interface Measured {
  /** The page's name in docs/, without its ending; the picture has the same. */
  name: string;
  text: string;
  picture: string;
}

export async function writeDocuments({ name, text, picture }: Measured): Promise<string> {
  const page = resolve(docs, `${name}.md`);
  await writeFile(page, placeBetweenMarkers(await readFile(page, 'utf8'), text));
  await writeFile(resolve(docs, `${name}.svg`), picture);
  return `docs/${name}.md and docs/${name}.svg`;
}

/** Leaves what people wrote around the markers alone. */
export function placeBetweenMarkers(page: string, text: string): string {
  const [before, rest = ''] = page.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`the page lacks its markers, ${begin} and ${end}`);
  return `${before}${begin}\n\n${text}\n\n${end}${after}`;
}
