import { onceWithoutVisit } from '../outcomes.ts';
import type { Theme } from '../situation.ts';
import { arriveByLink, buy } from '../steps.ts';

export const beacons: Theme = {
  name: 'Beacons',
  situations: [
    {
      name: 'sendBeacon is missing',
      page: { before: () => Reflect.deleteProperty(Navigator.prototype, 'sendBeacon') },
    },
    {
      name: 'sendBeacon throws',
      page: {
        before: () => {
          Navigator.prototype.sendBeacon = () => {
            throw new TypeError('no beacons here');
          };
        },
      },
    },
    {
      name: 'sendBeacon answers false',
      page: {
        before: () => {
          Navigator.prototype.sendBeacon = () => false;
        },
      },
    },
    {
      name: 'sendBeacon answers true and sends nothing',
      page: {
        before: () => {
          Navigator.prototype.sendBeacon = () => true;
        },
      },
      steps: [arriveByLink, buy],
      outcome: onceWithoutVisit,
    },
    {
      name: 'a wrapper around sendBeacon drops the rest of the arguments',
      page: {
        before: () => {
          const beacon = navigator.sendBeacon.bind(navigator);
          navigator.sendBeacon = (url) => beacon(url);
        },
      },
      // Its visits arrive empty.
      steps: [arriveByLink, buy],
      outcome: onceWithoutVisit,
    },
  ],
};
