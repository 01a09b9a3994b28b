import { byId } from './dom.js';
import { createAccountEntry, createOrderEntry, stateWords } from './order-entry.js';
import { createRows } from './rows.js';
import { followState, readSettings } from './state.js';
import { startWindow } from './window.js';

const showOrders = createRows(byId('orders'), ({ id }) => id, createOrderEntry);
const showAccounts = createRows(byId('accounts'), ({ customerId }) => customerId, createAccountEntry);

function show({ ledger, accounts }) {
  byId('sum-accounts').textContent = accounts.length;
  byId('accounts-empty').hidden = accounts.length > 0;
  const news = showAccounts(accounts.toReversed()).map(
    ({ row }) => `Acme has made the account ${row.customerId}.`,
  );
  if (ledger) {
    const { orders } = ledger;
    byId('sum-orders').textContent = orders.length;
    byId('sum-attempts').textContent = orders.reduce((sum, { attempts }) => sum + attempts.length, 0);
    byId('orders-empty').hidden = orders.length > 0;
    news.push(
      ...showOrders(orders)
        .filter(({ row, before }) => row.status !== before?.status)
        .map(({ row }) => `Order: ${stateWords(row)}.`),
    );
  }
  if (news.length > 0) byId('announcement').textContent = news.join(' ');
}

const { origins } = await readSettings();
startWindow({ origins, start: `${origins.marketplace}/`, onPage: () => {} });
await followState(show);
