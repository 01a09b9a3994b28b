import { visibleText } from './visibleText.js';

/**
 * An element with what is in it; text stays text, whoever wrote it.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string | number)} content
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...content.map((part) => (typeof part === 'number' ? String(part) : part)));
  return made;
}

/**
 * What a stranger wrote: it turns nothing around it, and characters that nobody sees are shown by their numbers.
 *
 * @param {string} text
 * @returns {HTMLElement}
 */
export function said(text) {
  return element('bdi', {}, visibleText(text));
}

/**
 * The page's element of that id.
 *
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${kind.name} #${id}.`);
}
