import { isStronger } from '../ledger/tracking.ts';
import { isRegistered } from '../providers/origin.ts';
import type { Provider } from '../store/providers.ts';
import { wordsFor } from '../views/rejections/reasons.ts';
import type { Lamp, LampName, SeenRow, SeenRows } from './evidence.ts';

/** Why a lamp may be dark, and what to do. */
export interface Cause {
  title: string;
  advice: string;
  /** Where to look at it: a path below the provider's page. */
  link?: { text: string; path: string };
}

/** A refusal, as the API presents it. */
export interface SeenRejection {
  reason: string;
  detail: string;
  count: number;
}

export interface KnownOfSetup extends SeenRows {
  provider: Pick<Provider, 'disabled' | 'minimumLevel' | 'origins'>;
  lamps: readonly Lamp[];
  /** Of the last hour, newest first. */
  rejections: readonly SeenRejection[];
}

/** More would be a list to work through, and no answer. */
const shownCauses = 3;

/**
 * The likeliest causes of what is missing, the surest first: what the service knows of, then what it can only guess by
 * what has arrived and what hasn't.
 */
export function likelyCauses(known: KnownOfSetup): Cause[] {
  const isDark = (name: LampName) => known.lamps.some((lamp) => lamp.name === name && !lamp.lit);
  if (!known.lamps.some(({ lit }) => !lit)) return [];
  const causes = [
    ...disabled(known),
    ...refused(known),
    ...(isDark('match') && !isDark('browser') && !isDark('server') ? apart(known) : []),
    ...(isDark('visit') || isDark('browser') ? unregistered(known) : []),
    ...(isDark('browser') ? demanding(known) : []),
    ...(isDark('visit') && isDark('browser') ? nothingFromPages : []),
    ...(isDark('visit') && !isDark('browser') ? noVisit : []),
    ...(isDark('browser') && !isDark('visit') ? noPurchase : []),
    ...(isDark('server') ? noServer : []),
  ];
  return causes.slice(0, shownCauses);
}

function disabled({ provider }: KnownOfSetup): Cause[] {
  if (!provider.disabled) return [];
  return [
    {
      title: 'The marketplace has switched you off',
      advice: 'It takes no messages for your partner key at present. Ask the marketplace to switch you on.',
    },
  ];
}

function refused({ rejections }: KnownOfSetup): Cause[] {
  const byReason = [...Map.groupBy(rejections, ({ reason }) => reason)];
  return byReason.flatMap(([reason, [newest]]) => {
    if (!newest) return [];
    const path = `rejections?${new URLSearchParams({ reason })}`;
    return {
      title: `Messages of the last hour were refused: ${wordsFor(reason).title}`,
      advice: `${newest.detail} ${wordsFor(reason).whatToDo}`,
      link: { text: 'Look at them', path },
    };
  });
}

/** Both have told of something, and not of the same: whatever of the key differs keeps them apart. */
function apart({ purchases }: KnownOfSetup): Cause[] {
  const server = purchases.find(({ trust }) => trust === 'server');
  const browser = purchases.find(({ trust }) => trust !== 'server');
  if (!server || !browser) return [];
  return [
    {
      title: 'Your page and your server speak of different purchases',
      advice: `The page's last one: ${nameOf(browser)}. The server's: ${nameOf(server)}. Service, customer and order id have to be the same, letter by letter.`,
      link: { text: 'Look at both', path: 'purchases?event=purchase,signup' },
    },
  ];
}

function nameOf({ event, serviceName, customerId, orderId }: SeenRow): string {
  const order = orderId === undefined ? 'no order id' : `order “${orderId}”`;
  return `a ${event} of “${serviceName ?? ''}”, customer “${customerId ?? ''}”, ${order}`;
}

function unregistered({ provider, visits, purchases }: KnownOfSetup): Cause[] {
  const origins = [...visits, ...purchases].flatMap(({ page }) => URL.parse(page ?? '')?.origin ?? []);
  const [unknown] = origins.filter((origin) => origin !== 'null' && !isRegistered(origin, provider.origins));
  if (unknown === undefined) return [];
  return [
    {
      title: `${unknown} is not registered as yours`,
      advice: 'What its pages send counts as anybody’s. Ask the marketplace to register the origin.',
    },
  ];
}

function demanding({ provider: { minimumLevel, origins } }: KnownOfSetup): Cause[] {
  if (isStronger(minimumLevel, 'origin')) {
    return [
      {
        title: `Purchases below the level “${minimumLevel}” are refused`,
        advice:
          minimumLevel === 'signed'
            ? 'The page has to hand over your server’s signature: `signPurchase` of the provider’s kit makes it.'
            : 'What pages send is never enough for it: report purchases by your server.',
      },
    ];
  }
  if (minimumLevel === 'origin' && origins.length === 0) {
    return [
      {
        title: 'No origin of your site is registered',
        advice: 'Purchases from pages of other origins are refused. Ask the marketplace to register yours.',
      },
    ];
  }
  return [];
}

const nothingFromPages: readonly Cause[] = [
  {
    title: 'The line is not in the page, or not yet live',
    advice:
      'Look for onramp.js in the source of the page, as your visitors get it: a cache or a tag manager’s draft may hold it back.',
  },
  {
    title: 'A Content Security Policy or a blocker stops it',
    advice:
      'The browser’s console says so. Allow the marketplace’s origin in script-src, connect-src and img-src.',
  },
  {
    title: 'It waits for consent, or nobody came by a link of the marketplace',
    advice:
      'With data-consent="required" nothing is sent before onrampTrack(\'consent\', true). A visit is one that a referral brought: use the test referral.',
  },
];

const noVisit: readonly Cause[] = [
  {
    title: 'The line stands on the page after checkout alone',
    advice:
      'It belongs on every page that visitors may land on, or no purchase can be told to be of the marketplace.',
  },
  {
    title: 'Nobody has come by a link of the marketplace yet',
    advice: 'A visit is one that a referral brought: use the test referral.',
  },
  {
    title: 'A redirect takes the referral off',
    advice: 'The address has to keep onramp_ref until the page with the line is shown.',
  },
];

const noPurchase: readonly Cause[] = [
  {
    title: 'onrampTrack is not called after checkout',
    advice: 'Put the call on the page after checkout, or data-track="purchase" on its tag.',
  },
  {
    title: 'The page after checkout is on another site',
    advice:
      'A payment page of somebody else has no line of yours: lead the buyer back, or report by your server.',
  },
  {
    title: 'It waits for consent',
    advice: "Consent isn’t remembered: say onrampTrack('consent', true) on each page.",
  },
];

const noServer: readonly Cause[] = [
  {
    title: 'Your server does not report yet',
    advice:
      'Blockers eat a part of what pages send. With the provider’s kit it is one call: trackPurchase, with your secret and the same order id.',
  },
];
