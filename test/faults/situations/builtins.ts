import { once, order } from '../outcomes.ts';
import type { Theme } from '../situation.ts';
import { arriveByLink, buy, buyThis, land } from '../steps.ts';

export const builtins: Theme = {
  name: 'Built-ins that the page has replaced',
  situations: [
    {
      name: 'JSON.stringify and toJSON have another meaning',
      page: {
        calls: `onrampTrack(${JSON.stringify(order)})`,
        before: () => {
          JSON.stringify = () => 'nothing';
          Object.assign(Array.prototype, { toJSON: () => 'nothing' });
          Object.assign(Object.prototype, { toJSON: () => 'nothing' });
        },
      },
      steps: [arriveByLink],
    },
    {
      name: 'Promise is broken',
      page: {
        calls: `onrampTrack(${JSON.stringify(order)})`,
        stub: '<script>window.onrampTrack=function(){(onrampTrack.q=onrampTrack.q||[]).push(arguments)}</script>',
        before: () => {
          function broken() {
            throw new Error('no promises here');
          }
          Object.defineProperty(window, 'Promise', { value: broken });
        },
      },
      steps: [arriveByLink],
    },
    {
      name: 'the console is gone',
      page: { before: () => Object.defineProperty(window, 'console', { value: undefined }) },
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
        before: () => {
          Object.defineProperty(window, 'setTimeout', {
            value: () => {
              throw new Error('no timers here');
            },
          });
        },
      },
      steps: [land, buy],
      // Without timers the proof waits for another page.
      outcome: { ...once, waiting: 1 },
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
