import { until } from '../../engines/until.ts';
import {
  answerFromCache,
  delay,
  drop,
  foreignPicture,
  garbage,
  holdBack,
  holdBackAnswer,
  loginPage,
  swallowAnswer,
  tooMany,
  unavailable,
} from '../../support/handlings.ts';
import { order, recorded } from '../outcomes.ts';
import type { Outcome, Theme } from '../situation.ts';
import {
  bothWays,
  buy,
  buyAndCloseAtOnce,
  buyAndLeaveAtOnce,
  buyThis,
  closeTab,
  comesOnline,
  freeNetwork,
  goElsewhere,
  goToNextPage,
  land,
  network,
  openTab,
  type Step,
  secondsLater,
  serviceComesBack,
  serviceGoesDown,
  untilProven,
  untilRecorded,
  untilSeen,
} from '../steps.ts';
import { registerCachingWorker, registerWorker, untilWorkerAnswered } from '../worker.ts';

const secondOrder = { ...order, orderId: 'o-2' };
const both: Outcome = {
  says: 'each once',
  visits: 1,
  purchases: [recorded, { ...recorded, orderId: 'o-2' }],
};

/** The first purchase's picture was given for the second. */
const untilMistaken: Step = ({ gate }) =>
  until('the second order was answered with a picture', () =>
    gate.passages.some(
      ({ way, message, status }) => way === 'image' && message.get('orderId') === 'o-2' && status === 200,
    ),
  );

function hideNextPage(): void {
  if (location.pathname !== '/next') return;
  Object.defineProperty(Document.prototype, 'hidden', { get: () => true });
}

export const networkFaults: Theme = {
  name: 'Network and service',
  situations: [
    { name: 'beacons are lost on the way', steps: [land, network('beacon', drop), buy] },
    {
      name: 'beacons are lost on the way and the page is left at once',
      engineDecides: true,
      steps: [land, network('beacon', drop), buyAndLeaveAtOnce],
    },
    { name: 'images are lost on the way', steps: [land, network('image', drop), buy] },
    {
      name: 'the first beacon and every image are lost, and the page is left for one without the tag',
      engineDecides: true,
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
      name: 'both are lost until a later page',
      steps: [land, network(bothWays, drop), buy, untilSeen('image'), goElsewhere, freeNetwork, goToNextPage],
    },
    {
      name: 'both are lost until a later page that is opened in the background, where beacons are lost again',
      page: { before: hideNextPage },
      steps: [
        land,
        network(bothWays, drop),
        buy,
        untilSeen('image'),
        goElsewhere,
        freeNetwork,
        network('beacon', drop),
        goToNextPage,
      ],
    },
    {
      name: 'both are lost until the customer comes again in another tab',
      engineDecides: true,
      steps: [
        land,
        network(bothWays, drop),
        buy,
        untilSeen('image'),
        closeTab,
        freeNetwork,
        openTab,
        goToNextPage,
      ],
    },
    {
      name: 'the service is down and back after 5 seconds, on the same page',
      steps: [land, serviceGoesDown, buy, secondsLater(5), serviceComesBack],
    },
    {
      name: 'the service is down until the next page',
      steps: [land, serviceGoesDown, buy, goElsewhere, serviceComesBack, goToNextPage],
    },
    {
      name: 'the service takes a second for each answer',
      steps: [land, network(bothWays, delay(1000)), buy],
    },
    {
      name: 'the service answers nothing until the page is left',
      engineDecides: true,
      steps: [
        land,
        network(bothWays, holdBack),
        buy,
        untilSeen('image'),
        goElsewhere,
        freeNetwork,
        goToNextPage,
      ],
    },
    { name: 'the service answers 503 at first', steps: [land, network(bothWays, unavailable, 2), buy] },
    { name: 'the service answers 429 at first', steps: [land, network(bothWays, tooMany, 2), buy] },
    {
      name: 'garbage is answered at first',
      engineDecides: true,
      steps: [land, network(bothWays, garbage, 2), buy],
    },
    {
      name: 'a login page is answered at first',
      engineDecides: true,
      steps: [land, network(bothWays, loginPage, 2), buy],
    },
    {
      name: 'a blocker puts a picture of its own in the place of ours, and beacons are lost',
      steps: [
        land,
        network('beacon', drop),
        network('image', foreignPicture),
        buy,
        untilSeen('image', 2),
        freeNetwork,
      ],
    },
    {
      name: 'a service worker puts a picture of its own in the place of ours while the service is down',
      engineDecides: true,
      steps: [goElsewhere, registerWorker, land, serviceGoesDown, buy, untilWorkerAnswered, serviceComesBack],
    },
    {
      name: 'a proxy caches pictures by path, beacons are lost, and there are two purchases',
      steps: [
        land,
        network('beacon', drop),
        network('image', answerFromCache()),
        buy,
        untilRecorded,
        buyThis(secondOrder),
        untilMistaken,
        freeNetwork,
      ],
      outcome: both,
    },
    {
      name: 'a service worker caches pictures by path, beacons are lost until the next page, and there are two purchases',
      engineDecides: true,
      // Where a page ends as it is left, its last beacon, which the worker has to let pass, is lost at times, and the
      // purchase waits until the next page is left as well.
      keptPages: true,
      steps: [
        goElsewhere,
        registerCachingWorker,
        land,
        network('beacon', drop),
        buy,
        untilProven,
        buyThis(secondOrder),
        untilWorkerAnswered,
        freeNetwork,
        goToNextPage,
      ],
      // The beacon brings it; as long as the worker is there, no picture can prove it.
      outcome: { ...both, waiting: 1 },
    },
    {
      name: 'the purchase is stored and its answers are lost',
      engineDecides: true,
      steps: [land, network(bothWays, swallowAnswer), buy, untilSeen('image'), freeNetwork],
    },
    {
      name: 'the browser is offline, and online again',
      steps: [land, serviceGoesDown, buy, serviceComesBack, comesOnline],
    },
    { name: 'the page is left at once', engineDecides: true, steps: [land, buyAndLeaveAtOnce] },
    { name: 'the tab is closed at once', engineDecides: true, steps: [land, buyAndCloseAtOnce] },
    {
      name: 'the tab is closed while the proof is under way',
      engineDecides: true,
      steps: [land, network('image', holdBackAnswer), buy, untilSeen('image'), closeTab, freeNetwork],
    },
    {
      name: 'the tab is closed while beacon and image are under way, and neither arrives',
      engineDecides: true,
      steps: [land, network(bothWays, holdBack), buy, untilSeen('image'), closeTab, network(bothWays, drop)],
    },
  ],
};
