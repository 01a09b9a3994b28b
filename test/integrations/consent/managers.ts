import type { Page } from '@playwright/test';
import type { Site } from '../../support/site.ts';
import { readKlaro } from './klaro.ts';

/** A consent manager as the guide joins it. */
export interface Manager {
  /** What the guide calls its file. */
  file: string;
  /** The manager's own globals, which the page has anyway. */
  globals: string[];
  /** What the page has before the guide's snippet, and what behind it. */
  before?: string;
  behind?: (site: Site) => Promise<string>;
  accept: (page: Page) => Promise<unknown>;
  withdraw: (page: Page) => Promise<unknown>;
}

/** What a double keeps of the visitor's answer, in a place of its own. */
const remembered = `const answer = () => sessionStorage.answer && JSON.parse(sessionStorage.answer);`;

/** https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework, CMP API v2 */
const tcfDouble = `<script>{
  ${remembered}
  const listeners = [];
  const tcData = (eventStatus) => ({
    eventStatus, gdprApplies: true, purpose: { consents: answer() ? { 1: true, 7: true } : {} }
  });
  window.__tcfapi = (command, version, listener) => {
    if (command === 'addEventListener' && version === 2) listeners.push(listener);
    listener(tcData(answer() === undefined ? 'cmpuishown' : 'tcloaded'), true);
  };
  addEventListener('answered', () => listeners.map((listener) => listener(tcData('useractioncomplete'), true)));
}</script>`;

/** Writes into the data layer as consent managers do: the default, then what is known, then each answer. */
const consentModeDouble = async () => `<script>{
  ${remembered}
  const gtag = function () { dataLayer.push(arguments) };
  const update = () => gtag('consent', 'update', { ad_storage: answer() ? 'granted' : 'denied' });
  gtag('consent', 'default', { ad_storage: 'denied', wait_for_update: 500 });
  dataLayer.push({ event: 'other' });
  if (answer() !== undefined) update();
  addEventListener('answered', update);
}</script>`;

/** https://www.cookiebot.com/en/developer/: the events come for answers of earlier visits as well. */
const cookiebotDouble = async () => `<script>{
  ${remembered}
  const say = () => {
    window.Cookiebot = { consent: { marketing: Boolean(answer()) } };
    dispatchEvent(new Event(answer() ? 'CookiebotOnAccept' : 'CookiebotOnDecline'));
  };
  if (answer() !== undefined) say();
  addEventListener('answered', say);
}</script>`;

/** https://developer.onetrust.com/onetrust/docs/javascript-events-guide */
const oneTrustDouble = async () => `<script>{
  ${remembered}
  const load = () => {
    const groups = answer() ? ['C0001', 'C0004'] : ['C0001'];
    window.OnetrustActiveGroups = ',' + groups.join() + ',';
    dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail: groups }));
  };
  load();
  addEventListener('answered', () => {
    load();
    dispatchEvent(new Event('OTConsentApplied'));
  });
}</script>`;

function answer(page: Page, given: boolean) {
  return page.evaluate((said) => {
    sessionStorage.answer = String(said);
    dispatchEvent(new Event('answered'));
  }, given);
}

const doubled: Pick<Manager, 'accept' | 'withdraw'> = {
  accept: (page) => answer(page, true),
  withdraw: (page) => answer(page, false),
};

export const managers: Record<string, Manager> = {
  'IAB TCF': { file: 'tcf.js', globals: ['__tcfapi'], before: tcfDouble, ...doubled },
  'Google Consent Mode': {
    file: 'consent-mode.js',
    globals: ['dataLayer'],
    behind: consentModeDouble,
    ...doubled,
  },
  Cookiebot: {
    file: 'cookiebot.js',
    globals: ['Cookiebot', 'sayConsent'],
    behind: cookiebotDouble,
    ...doubled,
  },
  OneTrust: { file: 'onetrust.js', globals: ['OnetrustActiveGroups'], behind: oneTrustDouble, ...doubled },
  Klaro: {
    file: 'klaro.js',
    globals: ['klaro', 'klaroConfig', '__core-js_shared__'],
    behind: async (site) => `<script defer src="${site.script('/klaro.js', await readKlaro())}"></script>`,
    accept: (page) => page.locator('.klaro .cm-btn-success').first().click(),
    withdraw: (page) =>
      page.evaluate(() => {
        const manager = Reflect.get(window, 'klaro').getManager();
        manager.changeAll(false);
        manager.saveAndApplyConsents();
      }),
  },
};
