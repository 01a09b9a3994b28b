import { drop } from '../../support/handlings.ts';
import { onceWithoutVisit } from '../outcomes.ts';
import type { Theme } from '../situation.ts';
import {
  arriveByLink,
  bothWays,
  buy,
  buyAndLeaveAtOnce,
  freeNetwork,
  goElsewhere,
  goToNextPage,
  land,
  network,
} from '../steps.ts';

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
    { name: 'beacons are lost on the way', steps: [land, network('beacon', drop), buy] },
    {
      name: 'beacons are lost on the way and the page is left at once',
      steps: [land, network('beacon', drop), buyAndLeaveAtOnce],
    },
    { name: 'images are lost on the way', steps: [land, network('image', drop), buy] },
    {
      name: 'both are lost until a later page',
      steps: [land, network(bothWays, drop), buy, goElsewhere, freeNetwork, goToNextPage],
    },
  ],
};
