import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** The events that a guide says to subscribe to. */
export async function readGuideEvents(guide: string): Promise<string[]> {
  const text = await readFile(resolve(import.meta.dirname, `../../../../docs/guides/${guide}.md`), 'utf8');
  const list = /these events[\s\S]*?```/.exec(text)?.[0] ?? '';
  return [...list.matchAll(/`([a-z_]+\.[a-z_.]+)`/g)].map(([, type = '']) => type);
}
