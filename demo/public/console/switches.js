import { byId } from './dom.js';

const switches = [...document.querySelectorAll('[data-switch]')];

/**
 * Makes the switches usable, which flip at the demo's server; what it answers is shown like any other state. To be called
 * when they show the state: whoever is faster would flip nothing, or back what is off.
 */
export function startSwitches(showState) {
  for (const button of switches) {
    button.addEventListener('click', async () => {
      if (button.getAttribute('aria-disabled') === 'true') return;
      const on = button.getAttribute('aria-checked') !== 'true';
      // Not the disabled attribute, which would take the keyboard's focus away.
      button.setAttribute('aria-disabled', 'true');
      try {
        const body = new URLSearchParams({ name: button.dataset.switch, on });
        const response = await fetch('/switches', { method: 'POST', body });
        if (!response.ok) throw new Error(await response.text());
        showState(await response.json());
        byId('switch-problem').textContent = '';
      } catch (error) {
        byId('switch-problem').textContent = `That did not work: ${error.message}`;
      }
      button.removeAttribute('aria-disabled');
    });
    button.removeAttribute('aria-disabled');
  }
}

export function showSwitches(state) {
  for (const button of switches) button.setAttribute('aria-checked', String(state[button.dataset.switch]));
}
