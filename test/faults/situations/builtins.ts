import { plainStub } from '../../support/tag.ts';
import { once, order } from '../outcomes.ts';
import type { Theme } from '../situation.ts';
import {
  arriveByLink,
  buy,
  buyThis,
  goToNextPage,
  inPage,
  land,
  openCheckout,
  type Step,
  secondsLater,
  untilRecorded,
  untilVisited,
} from '../steps.ts';

/** A call that is complained of. */
const buyNothing = inPage(async () => (await window.onrampTrack()).status, 'invalid');

const call = `onrampTrack(${JSON.stringify(order)})`;

/** Where WebKit's driver uses what the page has broken, the page calls by itself and is asked nothing. */
const breakAndGoOn: Step[] = [openCheckout, untilVisited, untilRecorded, goToNextPage];

export const builtins: Theme = {
  name: 'Built-ins that the page has replaced',
  situations: [
    {
      name: 'JSON.stringify and toJSON have another meaning',
      page: {
        calls: call,
        before: () => {
          if (location.pathname !== '/checkout') return;
          JSON.stringify = () => 'nothing';
          Object.assign(Array.prototype, { toJSON: () => 'nothing' });
          Object.assign(Object.prototype, { toJSON: () => 'nothing' });
        },
      },
      steps: breakAndGoOn,
    },
    {
      name: 'Promise is broken',
      page: {
        calls: call,
        stub: plainStub,
        before: () => {
          if (location.pathname !== '/checkout') return;
          function broken() {
            throw new Error('no promises here');
          }
          Object.defineProperty(window, 'Promise', { value: broken });
        },
      },
      steps: breakAndGoOn,
    },
    {
      name: 'the console is gone',
      page: { before: () => Object.defineProperty(window, 'console', { value: undefined }) },
      steps: [land, buyNothing, buy],
      outcome: { ...once, says: 'once; the call with nothing is refused', rejections: 1 },
    },
    {
      name: 'the console throws',
      page: {
        before: () => {
          console.error = () => {
            throw new Error('no complaints here');
          };
        },
      },
      steps: [land, buyNothing, buy],
      outcome: { ...once, says: 'once; the call with nothing is refused', rejections: 1 },
    },
    {
      name: 'Image throws',
      page: {
        before: () => {
          Object.defineProperty(window, 'Image', {
            value: class {
              constructor() {
                throw new Error('no images here');
              }
            },
          });
        },
      },
      steps: [land, buy, secondsLater(5)],
      // Without an image there is no proof.
      outcome: { ...once, waiting: 1 },
    },
    {
      name: 'URLSearchParams throws',
      page: {
        before: () => {
          Object.defineProperty(window, 'URLSearchParams', {
            value: class {
              constructor() {
                throw new Error('no parameters here');
              }
            },
          });
        },
      },
      steps: [arriveByLink, buyThis(order, 'invalid')],
      outcome: { says: 'lost, and the receipt says why' },
    },
    {
      name: 'setTimeout throws',
      page: {
        calls: call,
        stub: plainStub,
        before: () => {
          if (location.pathname !== '/checkout') return;
          Object.defineProperty(window, 'setTimeout', {
            value: () => {
              throw new Error('no timers here');
            },
          });
        },
      },
      steps: breakAndGoOn,
    },
    {
      name: 'addEventListener is broken',
      page: {
        before: () => {
          Object.defineProperty(window, 'addEventListener', {
            value: () => {
              throw new Error('no listeners here');
            },
          });
        },
      },
    },
  ],
};
