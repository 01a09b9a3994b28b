import { byId, create } from './dom.js';
import { timeWords } from './words.js';

const states = {
  under_way: ['Under way', 'waiting'],
  waiting: ['Waits for Acme', 'waiting'],
  needs_password: ['Waits for the buyer’s password', 'waiting'],
  needs_attention: ['Waits for a person to mend something', 'failed'],
  undecided: ['Unclear: a person decides', 'failed'],
  succeeded: ['Account made', 'proven'],
  failed: ['Not made', 'failed'],
};

const outcomes = {
  created: 'Acme has the account',
  refused: 'Acme refused',
  misconfigured: 'Acme’s endpoint didn’t take it',
  unclear: 'Sent, no clear answer',
  unreachable: 'Not sent, Acme can’t be reached',
  unusable: 'Sent, an answer of no use',
};

export function stateWords({ status }) {
  return states[status]?.[0] ?? status;
}

/** How the outcomes that end an order look. */
const tones = { created: 'good', refused: 'bad' };

/** An order as the marketplace has it, with each attempt at Acme. */
export function createOrderEntry(order) {
  const { id, status, coid, createdAt, attempts } = order;
  const badge = create('span', `badge ${states[status]?.[1] ?? ''}`, stateWords(order));
  const head = create(
    'p',
    'head',
    create('strong', '', coid ?? 'No customer id yet'),
    badge,
    createTime(createdAt),
  );
  const list = create('ol', 'attempts', ...attempts.map(createAttempt));
  const again = status === 'waiting' ? create('p', '', createRetry(id)) : null;
  return create('li', 'entry', head, create('p', 'fine', 'Order ', create('code', '', id)), again, list);
}

function createAttempt({ startedAt, outcome, status, reason }) {
  const what = outcomes[outcome] ?? 'Under way';
  const answer = status ? ` (${status})` : '';
  const why = reason ? `: ${reason}` : '';
  return create('li', tones[outcome] ?? '', `${timeWords(startedAt)} ${what}${answer}${why}`);
}

/** An order that waits is sent again within a minute or so; this is for who doesn't want to wait. */
function createRetry(id) {
  const button = create('button', '', 'Send it now');
  button.type = 'button';
  button.onclick = async () => {
    const response = await fetch('/retry', { method: 'POST', body: new URLSearchParams({ order: id }) });
    byId('switch-problem').textContent = response.ok
      ? ''
      : 'The order could not be sent: it no longer waits.';
  };
  return button;
}

/** An account as Acme has it. */
export function createAccountEntry({ customerId, company, email }) {
  const head = create('p', 'head', create('strong', '', customerId), ` ${company}`);
  return create('li', 'entry', head, create('p', 'fine', `${email} · of the password, only a hash is kept`));
}

function createTime(at) {
  const time = create('time', '', timeWords(at));
  time.dateTime = at;
  return time;
}
