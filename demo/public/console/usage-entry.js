import { create } from './dom.js';
import { timeWords } from './words.js';

/** A subscription with what counts of each month. */
export function createSubscriptionEntry({ coid, sku, status, expiredDate, usage }) {
  const isEnded = status === 'terminated';
  const badge = create(
    'span',
    isEnded ? 'badge failed' : 'badge proven',
    isEnded ? `Ended on ${expiredDate.slice(0, 10)}` : 'Active',
  );
  const head = create('p', 'head', create('strong', '', coid), create('code', '', sku), badge);
  return create('li', 'entry', head, ...usage.map(createMonth));
}

function createMonth({ period, count, reports }) {
  const heard = reports === 1 ? '1 report' : `${reports} reports`;
  return create(
    'p',
    'month',
    create('span', '', period),
    create('strong', '', count === undefined ? 'no usage' : `${count} messages`),
    create('span', 'fine', `of ${heard}`),
  );
}

/** One report; only the newest count of a month counts. */
export function createReportEntry({ coid, period, count, expired, counted, receivedAt }) {
  const time = create('time', '', timeWords(receivedAt));
  time.dateTime = receivedAt;
  const usage =
    count === undefined ? create('span', '', 'no usage said') : create(counted ? 'strong' : 's', '', count);
  const badge = counted ? create('span', 'badge proven', 'Counts') : null;
  const replaced = !counted && count !== undefined ? create('span', 'fine', 'replaced') : null;
  const ended = expired ? create('span', 'badge failed', 'Ended') : null;
  return create(
    'li',
    'entry',
    create('p', 'head', create('code', '', coid), period, usage, badge, replaced, ended, time),
  );
}
