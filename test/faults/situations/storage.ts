import { drop } from '../../support/handlings.ts';
import {
  bothDenied,
  breakLocalStorage,
  clearAgainAndAgain,
  clearWhenLeft,
  denyLocalStorage,
  fillLocalStorage,
  fullAndRefused,
  leaveGarbage,
  refuseCookies,
  throwAtCookies,
} from '../brokenStorage.ts';
import { lost, once, onceWith, onceWithoutReferral, order } from '../outcomes.ts';
import { putPlainPage } from '../pages.ts';
import { tabOf } from '../scene.ts';
import type { Theme } from '../situation.ts';
import {
  arriveByLink,
  bothWays,
  buy,
  buyThis,
  freeNetwork,
  goElsewhere,
  goToNextPage,
  inPage,
  land,
  network,
  reload,
  type Step,
  serviceComesBack,
  serviceGoesDown,
  untilRecorded,
  untilSeen,
} from '../steps.ts';

const foreignFields =
  'event=visit&sig=k.1.x&orderId=o-9&customerId=9&serviceName=theirs&purchasedAt=2001-01-01&partnerKey=pk_theirs';

/** A page of app. sets the cookie for all hosts of the domain. */
function plantCookie(text: (now: number) => string): Step {
  return async (scene) => {
    await tabOf(scene).goto(putPlainPage(scene.app, '/app'));
    await tabOf(scene).run(
      (given) => {
        const domain = location.hostname.replace('app.', '');
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API isn't in all engines
        document.cookie = `${given.name}=${given.text};path=/;domain=${domain}`;
      },
      { name: `onramp_${scene.provider.partnerKey}`, text: text(Date.now()) },
    );
  };
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
      engineDecides: true,
      page: { before: fillLocalStorage },
      outcome: { ...once, stored: /^page-/ },
    },
    {
      name: 'localStorage is full and images are lost on the way',
      engineDecides: true,
      page: { before: fillLocalStorage },
      steps: [land, network('image', drop), buy],
      outcome: { ...once, stored: /^page-/ },
    },
    {
      name: 'cookies are refused',
      page: { before: refuseCookies },
      steps: [land, goToNextPage, inPage(async () => (await window.onrampTrack('referral'))?.id, 'r-1'), buy],
      outcome: { ...once, stored: referralInLocalStorage },
    },
    {
      name: 'cookies are refused, and the customer comes by the same link twice',
      page: { before: refuseCookies },
      steps: [land, reload, buy],
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
      outcome: {
        ...once,
        says: 'once; what another version has left stays until it is too old',
        stored: referralInLocalStorage,
        waiting: 2,
      },
    },
    {
      name: 'localStorage is full and cookies are refused',
      engineDecides: true,
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
    {
      name: 'the page clears localStorage right after the call, and both ways are lost for a while',
      steps: [
        land,
        network(bothWays, drop),
        inPage(async () => {
          const receipt = window.onrampTrack({ serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' });
          localStorage.clear();
          return (await receipt).status;
        }, 'sent'),
        untilSeen('image'),
        freeNetwork,
      ],
    },
    {
      name: 'the page clears localStorage and cookies again and again, and both ways are lost for a while',
      page: { before: clearAgainAndAgain },
      steps: [land, network(bothWays, drop), buy, untilSeen('image'), freeNetwork],
    },
    {
      name: 'the page clears localStorage as it is left; the first beacon and every image are lost',
      engineDecides: true,
      page: { before: clearWhenLeft },
      steps: [
        land,
        network('beacon', drop, 1),
        network('image', drop),
        buy,
        untilSeen('beacon'),
        goElsewhere,
        untilRecorded,
        freeNetwork,
        goToNextPage,
      ],
    },
    {
      name: "a sibling host has put a purchase's fields into our cookie",
      engineDecides: true,
      steps: [
        plantCookie((now) => `referral=planted&referralSource=param&landedAt=${now}&${foreignFields}`),
        goToNextPage,
        buy,
      ],
      outcome: {
        ...onceWith('with its own fields; the referral is the one planted', { referral: 'planted' }),
        visits: 0,
      },
    },
    {
      name: "a sibling host has put a purchase's fields first into our cookie",
      engineDecides: true,
      steps: [plantCookie(() => foreignFields), land, buy],
    },
    {
      name: 'a sibling host has put garbage into our cookie',
      engineDecides: true,
      steps: [plantCookie(() => '%%E0%A4%A=&&=%00%zz"\u00e9'), land, buy],
    },
  ],
};
