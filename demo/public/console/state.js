import { byId } from './dom.js';
import { showSwitches, startSwitches } from './switches.js';

const pollMs = 1000;

/** Shows the switches, and all that comes of the demo's state, now and every second. */
export async function followState(show) {
  function showState(state) {
    showSwitches(state.switches);
    byId('paused').hidden = !state.switches.pause;
    show(state);
  }

  async function poll() {
    const state = await readState();
    if (!state) {
      byId('paused').hidden = false;
      byId('paused').textContent = 'The demo has been stopped in the terminal.';
      return;
    }
    showState(state);
    setTimeout(poll, pollMs);
  }

  await poll();
  startSwitches(showState);
}

/** Undefined where nobody answers any more. */
async function readState() {
  try {
    return await (await fetch('/state.json')).json();
  } catch {
    return undefined;
  }
}

export async function readSettings() {
  return await (await fetch('/settings.json')).json();
}
