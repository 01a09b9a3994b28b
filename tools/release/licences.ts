import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Component } from './billOfMaterials.ts';

interface Lock {
  packages: Record<string, { version?: string }>;
}

/** The licences of the packages, one after the other, as each has them in its folder. */
export function licencesOf(root: string, components: readonly Component[]): string {
  const lock: Lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return components.map((component) => licenceOf(root, lock, component)).join(`\n${'-'.repeat(80)}\n\n`);
}

function licenceOf(root: string, { packages }: Lock, { name, version }: Component): string {
  const [path] =
    Object.entries(packages).find(
      ([path, entry]) => path.endsWith(`node_modules/${name}`) && entry.version === version,
    ) ?? [];
  if (path === undefined) throw new Error(`package-lock.json has no ${name} ${version}.`);
  const folder = join(root, path);
  const { license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${name} ${version} doesn't say its licence.`);
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[sc]e|copying|notice)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version}: ${license}\n`, ...texts.map((text) => `${text}\n`)].join('\n');
}
