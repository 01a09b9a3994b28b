import { expect } from '@playwright/test';
import { plainStub } from '../../support/tag.ts';
import { once, onceWith, order, recorded } from '../outcomes.ts';
import type { Outcome, Receipt, Theme } from '../situation.ts';
import {
  buy,
  buyThis,
  goToNextPage,
  inPage,
  land,
  reload,
  type Step,
  secondsLater,
  serverReports,
  untilRecorded,
} from '../steps.ts';

const call = `onrampTrack(${JSON.stringify(order)})`;
const { serviceName, customerId } = order;
const time = '2024-03-01T10:00:00.000Z';

const signUp = (status: Receipt['status']) => buyThis({ event: 'signup', serviceName, customerId }, status);
const { orderId: _, ...signedUp } = recorded;
const signupAndPurchase: Outcome = {
  says: 'each once',
  visits: 1,
  signups: [signedUp],
  purchases: [recorded],
};

/** The script alone was asked for. */
const expectNoRequest: Step = async ({ gate }) =>
  expect(gate.passages.filter(({ way }) => way !== 'script')).toEqual([]);

const hundred = Array.from({ length: 100 }, (_, index) => ({ ...recorded, orderId: `o-${index}` }));

export const calls: Theme = {
  name: 'Calls',
  situations: [
    { name: 'the call is made before the script has loaded', page: { calls: call }, steps: [land] },
    {
      name: 'the call is made before the script has loaded, on an old stub',
      page: { calls: call, stub: plainStub },
      steps: [land],
    },
    {
      name: 'a hundred orders are tracked at once',
      engineDecides: true,
      steps: [
        land,
        inPage(async () => {
          const numbers = Array.from({ length: 100 }, (_, index) => index);
          const receipts = numbers.map((number) =>
            window.onrampTrack({ serviceName: 'Acme CRM', customerId: '42', orderId: `o-${number}` }),
          );
          return (await Promise.all(receipts)).filter(({ status }) => status !== 'sent');
        }, []),
        // After twenty that wait, the page keeps to a copy, so only the next page sees the twenty proven.
        goToNextPage,
      ],
      outcome: { says: 'each once', visits: 1, purchases: hundred },
    },
    {
      name: 'one order is tracked a hundred times at once',
      steps: [
        land,
        inPage(async () => {
          const order = { serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' };
          const receipts = Array.from({ length: 100 }, () => window.onrampTrack(order));
          return (await Promise.all(receipts)).filter(({ status }) => status === 'sent').length;
        }, 1),
      ],
    },
    {
      name: 'there are calls with nothing, null, numbers, cyclic objects and getters that throw before it',
      steps: [
        land,
        inPage(async () => {
          const cyclic: Record<string, unknown> = {};
          cyclic.customerId = cyclic;
          cyclic.serviceName = [cyclic];
          const throwing = new Proxy(
            {},
            {
              get() {
                throw new Error('not for you');
              },
            },
          );
          const nonsense = [undefined, null, 7, Number.NaN, true, [], Symbol('s'), 9n, cyclic, throwing];
          const track = window.onrampTrack as (given?: unknown) => Promise<{ status: string }>;
          const receipts = [track(), ...nonsense.map((given) => track(given))];
          return [...new Set((await Promise.all(receipts)).map(({ status }) => status))];
        }, ['invalid']),
        buy,
      ],
      outcome: { ...once, says: 'once; the others stand among the rejections', rejections: 'some' },
    },
    {
      name: "the customer's id is a text of a million characters",
      engineDecides: true,
      steps: [
        land,
        inPage(
          async () =>
            (await window.onrampTrack({ serviceName: 'Acme CRM', customerId: 'x'.repeat(1e6) })).status,
          'sent',
        ),
      ],
      outcome: { says: 'refused, and kept among the rejections', visits: 1, rejections: 1 },
    },
    {
      name: "the customer's id has a lone surrogate",
      engineDecides: true,
      steps: [
        land,
        inPage(
          async () =>
            (await window.onrampTrack({ serviceName: 'Acme CRM', customerId: 'a\ud800b', orderId: 'o-1' }))
              .status,
          'sent',
        ),
      ],
      outcome: onceWith('with U+FFFD in its place', { customerId: 'a\ufffdb' }),
    },
    {
      name: 'names are of emoji, as long as the service takes them',
      steps: [land, buyThis({ serviceName: '🚀'.repeat(100), customerId: '👩‍💻', orderId: 'o-1' })],
      outcome: onceWith('as it was given', { serviceName: '🚀'.repeat(100), customerId: '👩‍💻' }),
    },
    {
      name: "the attributes have blanks around the texts, and the provider's server reports the same order",
      page: {
        attributes: {
          serviceName: ' Acme CRM\n',
          customerId: '\n 42\n',
          orderId: '\to-1 ',
          track: 'purchase',
        },
      },
      steps: [land, untilRecorded, serverReports(order)],
      outcome: onceWith('without the blanks, and at level `server`', { trust: 'server' }),
    },
    {
      name: "the time has blanks around it, and the provider's server reports the same time",
      page: { attributes: { serviceName, customerId, purchasedAt: `\n  ${time} `, track: 'purchase' } },
      steps: [land, untilRecorded, serverReports({ serviceName, customerId, purchasedAt: time })],
      outcome: onceWith('at that time, and at level `server`', {
        orderId: undefined,
        purchasedAt: time,
        trust: 'server',
      }),
    },
    {
      name: 'a template has left its own text in the place of the ids',
      steps: [
        land,
        buyThis({ ...order, customerId: 'undefined' }, 'invalid'),
        buyThis({ ...order, customerId: '[object Object]' }, 'invalid'),
        buyThis({ ...order, orderId: '{{ order.id }}' }, 'invalid'),
        buyThis({ ...order, serviceName: '<%= service %>' }, 'invalid'),
        buy,
      ],
      outcome: { ...once, says: 'once; the others stand among the rejections', rejections: 'some' },
    },
    {
      name: 'the call has a text that is no command',
      steps: [
        land,
        inPage(async () => {
          const track = window.onrampTrack as (given: string) => Promise<{ status: string }>;
          return (await track('purchase')).status;
        }, 'invalid'),
      ],
      outcome: { says: 'nothing is recorded', visits: 1 },
    },
    {
      name: 'a signup is tracked twice, once more on the next page, and then a purchase of the same customer',
      steps: [land, signUp('sent'), signUp('duplicate'), goToNextPage, signUp('duplicate'), buy],
      outcome: signupAndPurchase,
    },
    {
      name: 'a page tracks a signup by itself, is reloaded, and then there is a purchase of the same customer',
      page: { attributes: { serviceName, customerId, track: 'signup' } },
      steps: [land, reload, buy],
      outcome: signupAndPurchase,
    },
    {
      name: 'the page tracks nothing, and the visitor came without a link',
      steps: [goToNextPage, secondsLater(5), expectNoRequest],
      outcome: { says: 'nothing is sent or stored', storesNothing: true },
    },
  ],
};
