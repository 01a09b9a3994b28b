import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bill, billOf, type Component, type Described } from './billOfMaterials.ts';
import { releaseChanges, releasedVersions } from './changelog.ts';
import { licencesOf } from './licences.ts';
import { releaseScript } from './scriptTable.ts';
import { stampVersion } from './stamp.ts';
import { isNewer } from './version.ts';

export interface ReleaseOptions {
  /** Of the repository, whose tree has to be clean. */
  root: string;
  version: string;
  /** `2026-11-26` */
  date: string;
  /** Runs everything that has to hold, on the tree as it will be released; rejects when something doesn't. */
  check: () => Promise<void>;
  say: (text: string) => void;
}

/**
 * Makes a release up to what only a person does: stamps the version, builds, checks, packs, and writes beside the two
 * packages what they are made of. Resolves to the folder of it all, within the repository.
 *
 * @throws Error that says what is in the way
 */
export async function release({ root, version, date, check, say }: ReleaseOptions): Promise<string> {
  await refuseChangedTree(root);
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  refuseOldVersion(root, version, changelog);

  say(`stamping ${version}`);
  writeFileSync(join(root, 'CHANGELOG.md'), releaseChanges(changelog, version, date));
  stampVersion(root, version);
  say('building');
  await mustRun(root, 'node', 'esbuild.config.mjs');
  const script = readFileSync(join(root, 'dist/onramp.js'), 'utf8');
  const table = join(root, 'docs/releases.md');
  writeFileSync(table, releaseScript(readFileSync(table, 'utf8'), script, version));

  say('checking');
  await check();

  const folder = join('release', version);
  say(`packing into ${folder}`);
  rmSync(join(root, folder), { recursive: true, force: true });
  mkdirSync(join(root, folder), { recursive: true });
  await mustRun(root, 'npm', 'pack', '--pack-destination', folder);
  await mustRun(root, 'npm', 'pack', '--workspace', 'onramp-marketplace', '--pack-destination', folder);
  await writeContents(root, folder);
  writeChecksums(join(root, folder));
  return folder;
}

async function refuseChangedTree(root: string): Promise<void> {
  const changes = await mustRun(root, 'git', 'status', '--porcelain');
  if (changes !== '') throw new Error(`The tree has changes: commit them, or take them back.\n${changes}`);
}

function refuseOldVersion(root: string, version: string, changelog: string): void {
  const { version: current } = readManifest(root, 'package.json');
  const [last] = releasedVersions(changelog);
  if (last !== undefined && !isNewer(version, last)) throw new Error(`${version} isn't newer than ${last}.`);
  if (isNewer(current, version)) throw new Error(`${version} is older than ${current}, which stands here.`);
}

interface Manifest {
  name: string;
  version: string;
  description: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

function readManifest(root: string, path: string): Manifest {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

/** Writes the bill of materials of each package, and the licences of all that is in them. */
async function writeContents(root: string, folder: string): Promise<void> {
  const whole: Bill = JSON.parse(
    await mustRun(root, 'npm', 'sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'),
  );
  const pixel = readManifest(root, 'package.json');
  const service = readManifest(root, 'src/marketplace/package.json');
  const described: Described[] = [
    { ...identityOf(pixel), type: 'library', brings: bundledTools(root, pixel) },
    { ...identityOf(service), type: 'application', brings: Object.keys(service.dependencies ?? {}) },
  ];
  const components = new Map<string, Component>();
  for (const one of described) {
    const bill = billOf(whole, one);
    const file = join(root, folder, `${one.name}-${one.version}.cdx.json`);
    writeFileSync(file, `${JSON.stringify(bill, undefined, 2)}\n`);
    for (const component of bill.components) components.set(component['bom-ref'], component);
  }
  writeFileSync(join(root, folder, 'LICENSES.txt'), licencesOf(root, [...components.values()]));
}

function identityOf({ name, version, description }: Manifest): Omit<Described, 'type' | 'brings'> {
  return { name, version, description };
}

/** The tools that are bundled into what is built: the doctor names them where it has their licences. */
function bundledTools(root: string, { devDependencies = {} }: Manifest): string[] {
  const doctor = readFileSync(join(root, 'dist/doctor.js'), 'utf8');
  const named = [...doctor.matchAll(/^\/\*! (\S+)$/gm)].map(([, name = '']) => name);
  return named.filter((name) => name in devDependencies);
}

function writeChecksums(folder: string): void {
  const lines = readdirSync(folder)
    .sort()
    .map((name) => {
      const sum = createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
      return `${sum}  ${name}\n`;
    });
  writeFileSync(join(folder, 'SHA256SUMS'), lines.join(''));
}

/** What the command answered, when it ended well; what it says besides is in the error else. */
async function mustRun(root: string, command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
