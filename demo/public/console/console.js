import { startJourney } from './journey.js';
import { startKept } from './kept-panel.js';
import { showLedger } from './ledger.js';
import { followState, readSettings } from './state.js';

const { origins } = await readSettings();
startJourney(origins);
startKept(origins.provider);
await followState(({ ledger }) => {
  if (ledger) showLedger(ledger);
});
