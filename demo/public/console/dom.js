export function byId(id) {
  return document.getElementById(id);
}

/** A new element; children are elements or texts, and null is left out. */
export function create(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null));
  return element;
}
