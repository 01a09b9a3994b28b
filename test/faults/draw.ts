import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { drawPicture } from './picture.ts';
import { table } from './table.ts';

await writeFile(resolve(import.meta.dirname, '../../docs/faults.md'), drawPicture(table));
