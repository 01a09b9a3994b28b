import type { Finding } from './findings.ts';
import type { PageText } from './readHtml.ts';
import type { Tag } from './tags.ts';

/** A consent manager that is known by what it puts into pages. */
interface Manager {
  name: string;
  /** In a script's address, its attributes' names or its text. */
  mark: RegExp;
  /** What tells the pixel. */
  change: string;
}

const managers: readonly Manager[] = [
  {
    name: 'Klaro',
    mark: /klaro/i,
    change: "{ name: 'onramp', purposes: ['marketing'], callback: (given) => onrampTrack('consent', given) }",
  },
  {
    name: 'Cookiebot',
    mark: /cookiebot|data-cbid/i,
    change:
      "<script>['CookiebotOnAccept', 'CookiebotOnDecline'].forEach((name) => addEventListener(name, () => onrampTrack('consent', Cookiebot.consent.marketing)))</script>",
  },
  {
    name: 'OneTrust',
    mark: /cookielaw\.org|otSDKStub|OptanonWrapper|data-domain-script/i,
    change:
      "<script>addEventListener('OneTrustGroupsUpdated', (event) => onrampTrack('consent', event.detail.includes('C0004')))</script>",
  },
  {
    name: 'Usercentrics',
    mark: /usercentrics/i,
    change:
      "<script>addEventListener('ucEvent', ({ detail }) => { if (detail.event === 'consent_status') onrampTrack('consent', detail.Onramp === true) })</script>",
  },
  {
    name: 'A consent manager of the TCF',
    mark: /__tcfapi/,
    change:
      "<script>__tcfapi('addEventListener', 2, (data, ok) => { if (ok && data.eventStatus !== 'cmpuishown') onrampTrack('consent', data.purpose.consents[1] === true) })</script>",
  },
  {
    name: 'Google Consent Mode',
    mark: /gtag\(\s*['"]consent['"]/,
    change: "<script>/* beside gtag('consent', 'update', …) */ onrampTrack('consent', true)</script>",
  },
];

const anyManager =
  "<script>onrampTrack('consent', true) /* where your banner says that the visitor agreed */</script>";

/** Which manager the page brings, if it is one that is known. */
function findManager({ scripts }: PageText): Manager | undefined {
  const texts = scripts.map(({ attributes, text }) => `${[...attributes].flat().join(' ')} ${text}`);
  return managers.find(({ mark }) => texts.some((text) => mark.test(text)));
}

/** A pixel that waits for consent, in a page whose own scripts never give it. */
export function judgeConsent(tag: Tag, page: PageText): Finding[] {
  if (tag.source.settings.consent.value !== 'required') return [];
  const isGiven = page.scripts.some(({ text }) => /onrampTrack\s*\(\s*['"`]consent/.test(text));
  if (isGiven) return [];
  const manager = findManager(page);
  const who = manager
    ? `${manager.name} is in this page, but nothing in the page tells the pixel of it`
    : 'nothing in the page gives it';
  const sentence = `The pixel waits for consent (data-consent="required"), and ${who}: then nothing is stored or sent. It has to be said on each page; a call in a bundle cannot be seen from here.`;
  return [{ code: 'consent-never-given', sentence, change: manager?.change ?? anyManager }];
}
