import { expect, test } from 'vitest';
import { describeMount, findMount } from '../../../bench/service/disk.ts';
import {
  type ProcessorTimes,
  type ProcessTime,
  parseMachineStat,
  parseProcessStat,
  spentBetween,
  timeOfTree,
} from '../../../bench/service/processorTime.ts';

const mounts = [
  'proc /proc proc rw 0 0',
  '/dev/vda / ext4 rw,relatime 0 0',
  '/dev/vdb /tmp xfs rw 0 0',
  'tmpfs /tmp/with\\040space tmpfs rw 0 0',
  'tmpfs /tm tmpfs rw 0 0',
].join('\n');

test('a folder is on the longest mount above it', () => {
  const typeAt = (folder: string) => findMount(mounts, folder)?.type;
  expect(['/home', '/tmp', '/tmp/x', '/tmpx', '/tmp/with space/y'].map(typeAt)).toEqual([
    'ext4',
    'xfs',
    'xfs',
    'ext4',
    'tmpfs',
  ]);
});

test('of two mounts on one folder, the later one covers the other', () => {
  expect(findMount('/dev/a /x ext3 rw 0 0\n/dev/b /x ext4 rw 0 0', '/x/y')?.device).toBe('/dev/b');
});

test('whether there is a journal is told as far as it is known', () => {
  const tell = (type: string, task?: string) =>
    describeMount({ device: '/dev/vda', folder: '/', type }, task);
  expect(tell('ext4', '<none>')).toBe('ext4 without a journal (/dev/vda)');
  expect(tell('ext4', '312')).toBe('ext4 with a journal (/dev/vda)');
  expect(tell('ext4')).toContain('does not tell');
  expect(tell('xfs')).toContain('with a journal');
  expect(tell('tmpfs')).toContain('in memory');
  expect(tell('overlay')).toContain('cannot be seen');
  expect(tell('nfs4')).toContain('not known');
});

test("a process's time is read whatever its name is", () => {
  const stat = `42 (a) b (c) S 7 ${Array.from({ length: 40 }, (_, index) => index).join(' ')}`;
  // After the parent: the fields from the fifth on, of which user, system and the same of ended children are 14 to 17.
  expect(parseProcessStat(stat)).toEqual({ parent: 7, own: (9 + 10) * 10_000, ended: (11 + 12) * 10_000 });
});

test('the machine is used by all that is not idle or waiting, and by its host', () => {
  const stat = 'cpu  100 10 50 1000 40 5 6 7 99 9\ncpu0 1 1 1 1 1 1 1 1 0 0\n';
  expect(parseMachineStat(stat)).toEqual({ used: 1_780_000, available: 12_180_000 });
});

function times(used: number, processes: Record<number, ProcessTime>): ProcessorTimes {
  const map = new Map(Object.entries(processes).map(([id, time]) => [Number(id), time]));
  return { available: used * 2, used, kernel: timeOfTree(map, 2), processes: map };
}

test('what is neither ours nor the kernel’s is foreign, and those that ended are ours', () => {
  const before = times(1_000, {
    2: { parent: 0, own: 50, ended: 0 },
    3: { parent: 2, own: 10, ended: 0 },
    10: { parent: 1, own: 100, ended: 20 },
    11: { parent: 10, own: 200, ended: 0 },
    12: { parent: 10, own: 0, ended: 5 },
    13: { parent: 12, own: 30, ended: 0 },
    99: { parent: 1, own: 100, ended: 0 },
  });
  const after = times(2_000, {
    2: { parent: 0, own: 50, ended: 0 },
    3: { parent: 2, own: 110, ended: 0 },
    // 10 started a client that used 150 and ended.
    10: { parent: 1, own: 110, ended: 170 },
    11: { parent: 10, own: 600, ended: 0 },
    // A process of the database ended, another began.
    12: { parent: 10, own: 0, ended: 55 },
    14: { parent: 12, own: 90, ended: 0 },
    99: { parent: 1, own: 300, ended: 0 },
  });
  const spent = spentBetween(before, after, { own: 10, servers: [11], database: 12 });
  expect(spent).toEqual({
    server: 400,
    database: 110,
    client: 150,
    foreignShare: (1_000 - 100 - 670) / 2_000,
  });
});
