import { run } from './progress.mjs';

/**
 * Installs Debian's packages, where this is Debian and may be done; else does nothing.
 * @param {string[]} packages
 * @param {(doing: string) => void} report
 * @returns {Promise<string>} what went wrong
 */
export async function installFromDebian(packages, report) {
  if (process.getuid?.() !== 0) return '';
  report(`installing ${packages.join(', ')} with apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const update = await run('apt-get', ['update'], env);
  const install = await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], env);
  return install.ok ? '' : `apt-get:\n${update.output}${install.output}\n`;
}
