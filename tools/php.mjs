import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installFromDebian } from './debian.mjs';
import { run, SetupError } from './progress.mjs';

/**
 * Where PHP is, which runs the plugin for WordPress: in the place that the environment names, or on PATH.
 * @returns {string | undefined}
 */
export function findPhp() {
  const { PHP_PATH, PATH = '' } = process.env;
  if (PHP_PATH) return PHP_PATH;
  return PATH.split(delimiter)
    .map((folder) => join(folder, 'php'))
    .find(existsSync);
}

/**
 * Sees to it that there is a PHP with these extensions: the one that is there, or else Debian's where this may be
 * installed.
 * @param {(doing: string) => void} report
 * @param {string[]} extensions
 * @returns {Promise<string>} what was found
 */
export async function installPhp(report, extensions = []) {
  const before = await greet(extensions);
  if (before.ok) return before.output;
  const packages = ['php-cli', ...(extensions.includes('mysqli') ? ['php-mysql'] : [])];
  const output = await installFromDebian(packages, report);
  const after = await greet(extensions);
  if (after.ok) return after.output;
  throw new SetupError(
    `${output}${after.output}\nInstall PHP 7.4 or newer with your package manager (Debian: ${packages.join(', ')}), or set ` +
      'PHP_PATH to its path.',
  );
}

/** @param {string[]} extensions */
async function greet(extensions) {
  const php = findPhp();
  if (!php) return { ok: false, output: "PHP wasn't found." };
  const missing = extensions.map((name) => `extension_loaded('${name}') || exit(1);`).join('');
  const { ok, output } = await run(php, ['-r', `${missing} echo 'PHP ', PHP_VERSION;`]);
  return { ok, output: ok ? output : `${php} doesn't start, or lacks ${extensions.join(', ')}:\n${output}` };
}
