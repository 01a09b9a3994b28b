import { posix } from 'node:path';

/** A link in Markdown, or an anchor of its own. */
const link = /\]\(([^)\s]+)\)/g;
const fence = /^( *)(```+)[^\n]*\n[\s\S]*?^\1\2$/gm;

/** The links of the pages that lead to no file, or to no heading; what leads into the web isn't followed. */
export function findDeadLinks(files: ReadonlyMap<string, string>): string[] {
  const pages = [...files].filter(([path]) => path.endsWith('.md'));
  const headings = new Map(pages.map(([path, text]) => [path, headingsOf(text)]));
  return pages.flatMap(([path, text]) => {
    const targets = [...text.replace(fence, '').matchAll(link)].map(([, target = '']) => target);
    return targets
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#', 2);
        const found = file === '' ? path : posix.join(posix.dirname(path), file);
        return !files.has(found) || (anchor !== undefined && !headings.get(found)?.has(anchor));
      })
      .map((target) => `${path}: ${target}`);
  });
}

/** The anchors of its headings, as GitHub and npm make them. */
function headingsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of page.replace(fence, '').matchAll(/^#+ (.*)$/gm)) {
    const words = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
    const anchor = words.trim().replace(/\s/g, '-');
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}
