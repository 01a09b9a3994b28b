import { expect, test } from 'vitest';
import { bufferLog } from '../../src/marketplace/http/log.ts';
import { patience } from './support/patience.ts';

test('the lines of a turn are handed on together, and what is left at the end is not lost', async () => {
  const written: string[] = [];
  const log = bufferLog({ write: (text) => written.push(text) });
  log.write('a\n');
  log.write('b\n');
  expect(written).toEqual([]);
  await expect.poll(() => written, patience).toEqual(['a\nb\n']);
  log.write('c\n');
  log.flush();
  expect(written).toEqual(['a\nb\n', 'c\n']);
  log.flush();
  expect(written).toHaveLength(2);
});
