// npm run release on a copy of this repository, with another check in the place of all tests.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { releaseChanges } from '../../tools/release/changelog.ts';
import { release } from '../../tools/release/release.ts';
import { noteScript, releaseScript } from '../../tools/release/scriptTable.ts';
import { isNewer } from '../../tools/release/version.ts';
import { readTarball } from './support/tarball.ts';

const root = resolve(import.meta.dirname, '../..');
const copy = mkdtempSync(join(tmpdir(), 'onramp-release-'));

const git = (...args: string[]) => execFileSync('git', args, { cwd: copy, encoding: 'utf8' });
const read = (path: string) => readFileSync(join(copy, path), 'utf8');
const options = { root: copy, date: '2026-12-01', check: async () => undefined, say: () => undefined };

beforeAll(() => {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const path of listed.trim().split('\n')) {
    if (!/^(test|bench|demo)\//.test(path) || path.startsWith('test/vectors/')) {
      cpSync(join(root, path), join(copy, path));
    }
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example', 'commit', '--quiet', '--message', 'A copy');
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('what it refuses, before anything is changed:', () => {
  test('a tree with changes', async () => {
    writeFileSync(join(copy, 'LICENSE'), 'changed');
    await expect(release({ ...options, version: '9.9.9' })).rejects.toThrow('The tree has changes');
    git('restore', '.');
  });

  test.each([
    ['0.0.9', 'older than'],
    ['1.2', 'is no version'],
    ['v1.2.3', 'is no version'],
  ])('%s', async (version, reason) => {
    await expect(release({ ...options, version })).rejects.toThrow(reason);
    expect(git('status', '--porcelain')).toBe('');
  });
});

test('a release stands in its folder, says its version everywhere, and nothing is published', async () => {
  const checked: string[] = [];
  const check = async () => void checked.push(read('package.json'));
  const folder = join(copy, await release({ ...options, version: '9.9.9', check }));
  expect(checked).toEqual([expect.stringContaining('"version": "9.9.9"')]);

  const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n');
  expect(sums.map((line) => line.split('  ')[1])).toEqual([
    'LICENSES.txt',
    'onramp-marketplace-9.9.9.cdx.json',
    'onramp-marketplace-9.9.9.tgz',
    'onramp-pixel-9.9.9.cdx.json',
    'onramp-pixel-9.9.9.tgz',
  ]);
  for (const line of sums) {
    const [sum, name = ''] = line.split('  ');
    expect(
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ).toBe(sum);
  }

  for (const name of ['onramp-pixel', 'onramp-marketplace']) {
    const files = await readTarball(join(folder, `${name}-9.9.9.tgz`));
    expect(files.get('package.json')).toContain('"version": "9.9.9"');
    const stale = [...files].filter(
      ([path, text]) => path !== 'docs/benchmark.md' && text.includes(packageJson.version),
    );
    expect(stale.map(([path]) => path)).toEqual([]);
    expect(files.get('CHANGELOG.md')).toContain('## 9.9.9, 2026-12-01');
    expect(files.get('docs/releases.md')).toContain('| 9.9.9 | `/onramp-');
  }
  // What a build would make of it now is what was released.
  execFileSync('node', ['esbuild.config.mjs', '--check'], { cwd: copy });

  const billOf = (name: string) => JSON.parse(readFileSync(join(folder, `${name}-9.9.9.cdx.json`), 'utf8'));
  const namesOf = ({ components }: { components: { name: string }[] }) => components.map(({ name }) => name);
  expect(billOf('onramp-pixel').metadata.component).toMatchObject({ name: 'onramp-pixel', version: '9.9.9' });
  expect(billOf('onramp-pixel').serialNumber).not.toBe(billOf('onramp-marketplace').serialNumber);
  expect(namesOf(billOf('onramp-pixel'))).toEqual(['parse5', 'entities']);
  const { dependencies } = JSON.parse(read('src/marketplace/package.json'));
  expect(namesOf(billOf('onramp-marketplace'))).toEqual(
    expect.arrayContaining([...Object.keys(dependencies), 'pino']),
  );
  expect(namesOf(billOf('onramp-marketplace'))).not.toContain('vitest');
  const licences = readFileSync(join(folder, 'LICENSES.txt'), 'utf8');
  expect(licences).toMatch(/^zod [\d.]+: MIT\n\nMIT License/m);
  expect(licences).toMatch(/^parse5 [\d.]+: MIT\n\nCopyright/m);

  await expect(release({ ...options, version: '9.9.9' })).rejects.toThrow('The tree has changes');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example', 'commit', '-qam', 'Release 9.9.9');
  expect(git('status', '--porcelain', 'release')).toBe('');
  await expect(release({ ...options, version: '9.9.9' })).rejects.toThrow("isn't newer than 9.9.9");
});

test('what has changed since the last release has to be told', () => {
  expect(() => releaseChanges('# Changelog\n\n## 1.0.0, 2026-12-01\n', '1.0.1', '2026-12-02')).toThrow();
  expect(() => releaseChanges('## Unreleased\n\n## 1.0.0, 2026-12-01\n', '1.0.1', '2026-12-02')).toThrow();
});

test('versions are compared by their numbers', () => {
  expect(isNewer('0.10.0', '0.9.9')).toBe(true);
  expect(isNewer('1.0.0', '1.0.0')).toBe(false);
  expect(isNewer('1.2.3', '2.0.0')).toBe(false);
});

test('a released script stays in the table, and stands there once', () => {
  const page = readFileSync(join(root, 'docs/releases.md'), 'utf8');
  const first = releaseScript(page, 'first', '1.0.0');
  expect(noteScript(first, 'first')).toBe(first);
  const second = noteScript(first, 'second');
  expect(second).toMatch(/^\| unreleased \| .*\n\| 1\.0\.0 \| /m);
  expect(releaseScript(noteScript(second, 'third'), 'third', '1.1.0')).toMatch(
    /---\|\n\| 1\.1\.0 \| .*\n\| 1\.0\.0 \| .*\n$/,
  );
});
