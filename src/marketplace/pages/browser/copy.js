// Puts a button beside each value that people copy whole.

/** @param {HTMLElement} value */
function addButton(value) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'plain';
  button.textContent = 'Copy';
  const said = document.createElement('span');
  said.setAttribute('role', 'status');
  const { copy: label = '' } = value.dataset;
  button.setAttribute('aria-label', `Copy ${label}`);
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(value.textContent ?? '').then(
      () => {
        said.textContent = ' Copied';
      },
      () => {
        // Over plain http there is no clipboard: selected, it is a key away.
        getSelection()?.selectAllChildren(value);
        said.textContent = ' Selected: copy it with your keyboard';
      },
    );
  });
  value.after(button, said);
}

// A link stands in the page as it leads from there; handed on, it has to be whole.
for (const link of document.querySelectorAll('a[data-copy]')) {
  if (link instanceof HTMLAnchorElement) link.textContent = link.href;
}
for (const value of document.querySelectorAll('[data-copy]')) {
  if (value instanceof HTMLElement) addButton(value);
}
