import { createHash } from 'node:crypto';

/** The table of docs/releases.md, which ends the page: the newest version first. */
const head = '| version | address | `integrity` | bytes |\n|---|---|---|---|\n';
/** What the checkout has, as long as no release has the same. */
const unreleased = 'unreleased';

/** The page as it has to be while the checkout has this script: it stands there, released or not. */
export function noteScript(page: string, script: string): string {
  const released = releasedRows(page);
  const row = rowOf(unreleased, script);
  const isReleased = released[0]?.replace(/^\| \S+/, `| ${unreleased}`) === row;
  return withRows(page, isReleased ? released : [row, ...released]);
}

/** The page once this script is a version's. */
export function releaseScript(page: string, script: string, version: string): string {
  return withRows(page, [rowOf(version, script), ...releasedRows(page)]);
}

function releasedRows(page: string): string[] {
  return page
    .slice(page.indexOf(head) + head.length)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith(`| ${unreleased} `));
}

function withRows(page: string, rows: readonly string[]): string {
  if (!page.includes(head)) throw new Error('docs/releases.md has lost the head of its table.');
  return `${page.slice(0, page.indexOf(head))}${head}${rows.join('\n')}\n`;
}

/** The address is the service's: by the first digits of the script's SHA-256. */
function rowOf(version: string, script: string): string {
  const address = createHash('sha256').update(script).digest('hex').slice(0, 12);
  const integrity = createHash('sha384').update(script).digest('base64');
  const bytes = Buffer.byteLength(script).toLocaleString('en-US');
  return `| ${version} | \`/onramp-${address}.js\` | \`sha384-${integrity}\` | ${bytes} |`;
}
