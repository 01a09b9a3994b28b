import { drop } from '../../support/handlings.ts';
import { onceWithoutVisit } from '../outcomes.ts';
import type { Theme } from '../situation.ts';
import {
  arriveByLink,
  buy,
  buyAndLeaveAtOnce,
  freeNetwork,
  goElsewhere,
  goToNextPage,
  land,
  network,
  untilSeen,
} from '../steps.ts';

function answerFalse(): void {
  Navigator.prototype.sendBeacon = () => false;
}

// As blockers do.
function sendNothing(): void {
  Navigator.prototype.sendBeacon = () => true;
}

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
      page: { before: answerFalse },
    },
    {
      name: 'sendBeacon answers true and sends nothing',
      page: { before: sendNothing },
      steps: [arriveByLink, buy],
      outcome: onceWithoutVisit,
    },
    {
      name: 'sendBeacon answers false and the page is left at once',
      engineDecides: true,
      page: { before: answerFalse },
      steps: [land, buyAndLeaveAtOnce],
    },
    {
      name: 'sendBeacon answers true and sends nothing, and the page is left at once',
      engineDecides: true,
      page: { before: sendNothing },
      steps: [arriveByLink, buyAndLeaveAtOnce],
      outcome: onceWithoutVisit,
    },
    {
      name: 'sendBeacon answers false and images are lost until the next page',
      page: { before: answerFalse },
      steps: [land, network('image', drop), buy, untilSeen('image'), goElsewhere, freeNetwork, goToNextPage],
    },
    {
      name: 'a wrapper around sendBeacon drops the rest of the arguments',
      engineDecides: true,
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
