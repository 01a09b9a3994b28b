type Attributes = Record<string, string | ((event: Event) => void)>;

/**
 * Builds an element; an attribute that is a function listens to the event of that name. Nothing is ever parsed, so
 * pages that demand Trusted Types have nothing to forbid, and no text of the page can become an element.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string | undefined)[]
): HTMLElementTagNameMap[Name] {
  const built = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'string') built.setAttribute(key, value);
    else built.addEventListener(key, value);
  }
  built.append(...children.filter((child) => child !== undefined));
  return built;
}

/** A button that keeps the focus when what is around it is drawn anew: it is found again by its key. */
export function button(
  label: string,
  key: string,
  press: () => void,
  extra: Attributes = {},
): HTMLButtonElement {
  return element('button', { type: 'button', 'data-key': key, click: press, ...extra }, label);
}
