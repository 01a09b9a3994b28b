import { byId } from './dom.js';
import { startJourney } from './journey.js';
import { startKept } from './kept-panel.js';
import { showLedger } from './ledger.js';
import { showSwitches, startSwitches } from './switches.js';

const pollMs = 1000;

function showState({ switches, ledger }) {
  showSwitches(switches);
  byId('paused').hidden = !switches.pause;
  if (ledger) showLedger(ledger);
}

async function poll() {
  try {
    const response = await fetch('/state.json');
    showState(await response.json());
  } catch {
    byId('paused').hidden = false;
    byId('paused').textContent = 'The demo has been stopped in the terminal.';
    return;
  }
  setTimeout(poll, pollMs);
}

const settings = await (await fetch('/settings.json')).json();
startJourney(settings.origins);
startKept(settings.origins.provider);
startSwitches(showState);
await poll();
