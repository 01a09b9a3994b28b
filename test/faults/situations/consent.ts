import { drop } from '../../support/handlings.ts';
import { once, onceWithoutReferral, order } from '../outcomes.ts';
import type { Theme } from '../situation.ts';
import {
  arriveByLink,
  bothWays,
  buy,
  buyThis,
  freeNetwork,
  goToNextPage,
  inPage,
  land,
  network,
  untilSeen,
} from '../steps.ts';

const consentRequired = { consent: 'required' };
const consentGiven = "onrampTrack('consent', true)";

const giveConsent = inPage(() => void window.onrampTrack('consent', true));
const withdrawConsent = inPage(() => void window.onrampTrack('consent', false));

function askForPrivacy(): void {
  Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { configurable: true, get: () => true });
}

export const consent: Theme = {
  name: 'Consent and privacy',
  situations: [
    {
      name: 'consent is required and not given',
      page: { attributes: consentRequired },
      steps: [arriveByLink, buyThis(order, 'held'), goToNextPage],
      outcome: { says: 'nothing is recorded or stored', storesNothing: true },
    },
    {
      name: 'consent is required and given after the purchase',
      page: { attributes: consentRequired },
      steps: [arriveByLink, buyThis(order, 'held'), giveConsent],
    },
    {
      name: 'consent is required and given before the script has loaded',
      page: { attributes: consentRequired, calls: consentGiven },
    },
    {
      name: 'consent is withdrawn while a proof waits',
      engineDecides: true,
      page: { attributes: consentRequired, calls: consentGiven },
      steps: [
        land,
        network(bothWays, drop),
        buy,
        untilSeen('image'),
        withdrawConsent,
        // What was under way ends with its page: Firefox asks again by itself for an image that was cut off.
        goToNextPage,
        freeNetwork,
        goToNextPage,
      ],
      outcome: { says: 'lost, and nothing is stored any more', visits: 1, storesNothing: true },
    },
    {
      name: 'consent is withdrawn before the script has loaded',
      page: { calls: "onrampTrack('consent', false)" },
      steps: [arriveByLink, buyThis(order, 'held'), goToNextPage],
      outcome: { says: 'nothing is recorded or stored', storesNothing: true },
    },
    {
      name: 'beacons are missing, localStorage is denied, and consent is withdrawn in the same tick',
      engineDecides: true,
      page: {
        before: () => {
          Object.defineProperty(window, 'localStorage', { value: null });
          Reflect.deleteProperty(Navigator.prototype, 'sendBeacon');
        },
      },
      steps: [
        land,
        inPage(async () => {
          const receipt = window.onrampTrack({ serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' });
          void window.onrampTrack('consent', false);
          return (await receipt).status;
        }, 'held'),
      ],
      outcome: { says: 'lost, and nothing is stored any more', visits: 1, storesNothing: true },
      cannot: { webkit: 'asks for an image in the very statement' },
    },
    {
      name: 'the browser asks for privacy by globalPrivacyControl',
      page: { before: askForPrivacy },
      steps: [arriveByLink, buy],
      outcome: { ...onceWithoutReferral, says: 'once, without visit and referral', visits: 0 },
    },
    {
      name: 'the browser asks for privacy, and consent is given',
      page: { before: askForPrivacy, calls: consentGiven },
      outcome: once,
    },
  ],
};
