import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { drawPicture } from '../faults/picture.ts';
import { table } from '../faults/table.ts';

test('docs/faults.md shows the table of faults as it stands: npx node test/faults/draw.ts', () => {
  const picture = readFileSync(resolve(import.meta.dirname, '../../docs/faults.md'), 'utf8');
  expect(picture).toBe(drawPicture(table));
});

test('no two situations of a theme have the same name', () => {
  for (const { situations } of table) {
    const names = situations.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  }
});
