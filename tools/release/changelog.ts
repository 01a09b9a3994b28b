const heading = /^## (\d+\.\d+\.\d+), \d{4}-\d\d-\d\d$/gm;
const unreleased = /^## Unreleased\n+(?=[^\s#])/m;

/** The versions that were released, newest first. */
export function releasedVersions(changelog: string): string[] {
  return [...changelog.matchAll(heading)].map(([, version = '']) => version);
}

/**
 * What is unreleased becomes the version's.
 *
 * @throws Error when nothing is
 */
export function releaseChanges(changelog: string, version: string, date: string): string {
  if (!unreleased.test(changelog)) throw new Error('CHANGELOG.md says of nothing under "## Unreleased".');
  return changelog.replace('## Unreleased\n', `## ${version}, ${date}\n`);
}
