import { drop } from '../../support/handlings.ts';
import {
  bothDenied,
  breakLocalStorage,
  denyLocalStorage,
  fillLocalStorage,
  fullAndRefused,
  leaveGarbage,
  refuseCookies,
  throwAtCookies,
} from '../brokenStorage.ts';
import { lost, once, onceWithoutReferral, order } from '../outcomes.ts';
import type { Theme } from '../situation.ts';
import {
  arriveByLink,
  buy,
  buyThis,
  goElsewhere,
  goToNextPage,
  land,
  network,
  serviceComesBack,
  serviceGoesDown,
} from '../steps.ts';

/** Where there is no cookie, localStorage keeps the referral. */
const referralInLocalStorage = /^onramp_[^.]+$/;

export const storage: Theme = {
  name: 'Storage and cookies',
  situations: [
    { name: 'localStorage is denied', page: { before: denyLocalStorage } },
    {
      name: 'localStorage is null',
      page: { before: () => Object.defineProperty(window, 'localStorage', { value: null }) },
    },
    {
      name: 'each use of localStorage throws',
      page: { before: breakLocalStorage },
      steps: [arriveByLink, buy],
    },
    {
      name: 'localStorage is full',
      page: { before: fillLocalStorage },
      outcome: { ...once, stored: /^page-/ },
    },
    {
      name: 'localStorage is full and images are lost on the way',
      page: { before: fillLocalStorage },
      steps: [land, network('image', drop), buy],
      outcome: { ...once, stored: /^page-/ },
    },
    {
      name: 'cookies are refused',
      page: { before: refuseCookies },
      steps: [land, goToNextPage, buy],
      outcome: { ...once, stored: referralInLocalStorage },
    },
    {
      name: 'each use of cookies throws',
      page: { before: throwAtCookies },
      steps: [land, goToNextPage, buy],
      outcome: { ...once, stored: referralInLocalStorage },
    },
    {
      name: 'localStorage is denied and cookies are refused',
      page: { before: bothDenied },
    },
    {
      name: 'localStorage is denied and cookies are refused, on the page after the landing',
      page: { before: bothDenied },
      steps: [land, goToNextPage, buy],
      outcome: onceWithoutReferral,
    },
    {
      name: 'garbage and values of other versions stand under our names',
      page: { before: leaveGarbage },
      outcome: { ...once, stored: referralInLocalStorage },
    },
    {
      name: 'localStorage is full and cookies are refused',
      page: { before: fullAndRefused },
      outcome: { ...once, stored: /^page-/ },
    },
    {
      name: 'localStorage is denied, sendBeacon missing and the service down for a while, on the same page',
      page: {
        before: () => {
          Object.defineProperty(window, 'localStorage', { value: null });
          Reflect.deleteProperty(Navigator.prototype, 'sendBeacon');
        },
      },
      steps: [land, serviceGoesDown, buyThis(order, 'held'), serviceComesBack],
    },
    {
      name: 'localStorage is denied and both ways are blocked',
      page: {
        before: () => {
          Object.defineProperty(window, 'localStorage', { value: null });
          Reflect.deleteProperty(Navigator.prototype, 'sendBeacon');
        },
      },
      steps: [land, network('image', drop), buyThis(order, 'held'), goElsewhere, goToNextPage],
      outcome: lost,
    },
  ],
};
