import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** A script element of a page. */
export interface Script {
  /** By their names in small letters. */
  attributes: ReadonlyMap<string, string>;
  /** What stands in it. */
  text: string;
  /** Its place among all nodes of the page. */
  place: number;
}

/** A Content Security Policy that a page brings itself. */
export interface MetaPolicy {
  text: string;
  /** It counts for what stands behind it. */
  place: number;
}

/** What a page's HTML says of scripts and policies. */
export interface PageText {
  scripts: readonly Script[];
  metaPolicies: readonly MetaPolicy[];
  /** What no browser with scripts reads as elements: comments and noscript. */
  hidden: readonly string[];
  /** What addresses are relative to, where the page says so. */
  base: string | undefined;
}

/** Reads HTML as browsers do. */
export function readHtml(html: string): PageText {
  const scripts: Script[] = [];
  const metaPolicies: MetaPolicy[] = [];
  const hidden: string[] = [];
  let base: string | undefined;
  let place = 0;

  function readElement(element: Element, isInHead: boolean): void {
    const attributes = new Map(element.attrs.map(({ name, value }) => [name, value]));
    const { nodeName } = element;
    if (nodeName === 'script') scripts.push({ attributes, text: textOf(element), place });
    if (nodeName === 'noscript') hidden.push(textOf(element));
    if (nodeName === 'base') base ??= attributes.get('href');
    const content = attributes.get('content');
    const isPolicy = attributes.get('http-equiv')?.toLowerCase() === 'content-security-policy';
    // Elsewhere browsers don't heed it.
    if (nodeName === 'meta' && isPolicy && content && isInHead) metaPolicies.push({ text: content, place });
  }

  // No recursion: a page may be nested as deeply as it likes.
  const waiting: { node: Node; isInHead: boolean }[] = [{ node: parse(html), isInHead: false }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, isInHead } = next;
    place++;
    if (defaultTreeAdapter.isCommentNode(node)) hidden.push(node.data);
    if (defaultTreeAdapter.isElementNode(node)) readElement(node, isInHead);
    if (!('childNodes' in node)) continue;
    const isHead = isInHead || node.nodeName === 'head';
    for (const child of node.childNodes.toReversed()) waiting.push({ node: child, isInHead: isHead });
  }
  return { scripts, metaPolicies, hidden, base };
}

function textOf({ childNodes }: Element): string {
  return childNodes.map((node) => (defaultTreeAdapter.isTextNode(node) ? node.value : '')).join('');
}
