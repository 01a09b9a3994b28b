import { drop } from '../../support/handlings.ts';
import { lost, once, onceWithoutReferral, order } from '../outcomes.ts';
import type { Theme } from '../situation.ts';
import {
  arriveByLink,
  buy,
  buyThis,
  freeNetwork,
  goElsewhere,
  goToNextPage,
  land,
  network,
  serviceComesBack,
  serviceGoesDown,
} from '../steps.ts';

function denyLocalStorage(): void {
  Object.defineProperty(window, 'localStorage', {
    get() {
      throw new DOMException('denied', 'SecurityError');
    },
  });
}

function breakLocalStorage(): void {
  const fail = () => {
    throw new DOMException('broken', 'UnknownError');
  };
  const broken = new Proxy({}, { get: fail, set: fail, has: fail, ownKeys: fail, deleteProperty: fail });
  Object.defineProperty(window, 'localStorage', { value: broken });
}

function fillLocalStorage(): void {
  for (let size = 4_194_304; size >= 1; size /= 2) {
    for (let piece = 0; ; piece++) {
      try {
        localStorage.setItem(`page-${size}-${piece}`, 'x'.repeat(size));
      } catch {
        break;
      }
    }
  }
}

function refuseCookies(): void {
  Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} });
}

function throwAtCookies(): void {
  const fail = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  Object.defineProperty(Document.prototype, 'cookie', { get: fail, set: fail });
}

// Each `before` has to be whole: it goes to the page as its source text.
function bothDenied(): void {
  Object.defineProperty(window, 'localStorage', { value: null });
  Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} });
}

function fullAndRefused(): void {
  Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} });
  for (let size = 4_194_304; size >= 1; size /= 2) {
    for (let piece = 0; ; piece++) {
      try {
        localStorage.setItem(`page-${size}-${piece}`, 'x'.repeat(size));
      } catch {
        break;
      }
    }
  }
}

/** Names and values as a former version, another script or a bad day may have left them. */
function leaveGarbage(partnerKey: string): void {
  const name = `onramp_${partnerKey}`;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API isn't in all engines
  document.cookie = `${name}=%E0%A4%A&&=landedAt=%00`;
  const endings = ['', '.', '..', '.1', '.x.y', '.NaN.1', '.-1.1', `.${Date.now()}.1`];
  for (const ending of endings) localStorage[name + ending] = `garbage \ud800 &=%${ending}`;
  localStorage[`${name}.${Date.now()}.2`] = JSON.stringify({ partnerKey, event: 'purchase', version: 9 });
}

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
      outcome: { ...onceWithoutReferral, stored: /^page-/ },
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
      steps: [land, network('image', drop), buyThis(order, 'held'), goElsewhere, freeNetwork, goToNextPage],
      outcome: lost,
    },
  ],
};
