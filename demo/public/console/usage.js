import { byId } from './dom.js';
import { createRows } from './rows.js';
import { followState, readSettings } from './state.js';
import { createReportEntry, createSubscriptionEntry } from './usage-entry.js';
import { startWindow } from './window.js';

const keyOf = ({ id }) => id;
const showSubscriptions = createRows(byId('subscriptions'), keyOf, createSubscriptionEntry);
const showReports = createRows(byId('reports'), keyOf, createReportEntry);

function show({ ledger }) {
  if (!ledger) return;
  const { subscriptions, reports } = ledger;
  const counts = subscriptions.flatMap(({ usage }) => usage.map(({ count }) => Number(count ?? 0)));
  const toBill = counts.reduce((sum, count) => sum + count, 0);
  byId('sum-subscriptions').textContent = subscriptions.length;
  byId('sum-reports').textContent = reports.length;
  byId('sum-usage').textContent = toBill;
  byId('subscriptions-empty').hidden = subscriptions.length > 0;
  byId('reports-empty').hidden = reports.length > 0;
  showSubscriptions(subscriptions);
  const isNew = showReports(reports).some(({ before }) => !before);
  if (isNew) byId('announcement').textContent = `A report arrived. Messages to bill: ${toBill}.`;
}

const { origins } = await readSettings();
startWindow({ origins, start: `${origins.provider}/billing`, onPage: () => {} });
await followState(show);
