import type { Finding } from './findings.ts';
import type { PageText } from './readHtml.ts';
import type { Tag } from './tags.ts';

/** A consent manager that is known by what it puts into pages. */
export interface Manager {
  name: string;
  /** In a script's address, its attributes' names or its text. */
  mark: RegExp;
  /** What passes its answers on; docs/guides/consent.md explains each. While there is no answer, nothing is said. */
  change: string;
}

const managers: readonly Manager[] = [
  {
    name: 'Klaro',
    mark: /klaro/i,
    change: `{ name: 'onramp', purposes: ['marketing'], onAccept: () => onrampTrack('consent', true),
  onDecline: ({ confirmed }) => { if (confirmed) onrampTrack('consent', false) } }`,
  },
  {
    name: 'Cookiebot',
    mark: /cookiebot|data-cbid/i,
    change: `<script>for (const name of ['CookiebotOnAccept', 'CookiebotOnDecline'])
  addEventListener(name, () => onrampTrack('consent', Cookiebot.consent.marketing))</script>`,
  },
  {
    name: 'OneTrust',
    mark: /cookielaw\.org|otSDKStub|OptanonWrapper|data-domain-script/i,
    change: `<script>
  addEventListener('OneTrustGroupsUpdated', ({ detail }) => { if (detail.includes('C0004')) onrampTrack('consent', true) })
  addEventListener('OTConsentApplied', () => onrampTrack('consent', OnetrustActiveGroups.includes('C0004')))
</script>`,
  },
  {
    name: 'Usercentrics',
    mark: /usercentrics/i,
    change: `<script>addEventListener('ucEvent', ({ detail }) => {
  if (detail.event === 'consent_status' && (detail.Onramp || detail.type === 'explicit')) onrampTrack('consent', detail.Onramp === true)
})</script>`,
  },
  {
    name: 'A consent manager of the TCF',
    mark: /__tcfapi/,
    change: `<script>__tcfapi('addEventListener', 2, (data, isKnown) => {
  if (!isKnown || data.eventStatus === 'cmpuishown') return
  onrampTrack('consent', data.gdprApplies === false || Boolean(data.purpose.consents[1] && data.purpose.consents[7]))
})</script>`,
  },
  {
    name: 'Google Consent Mode',
    mark: /gtag\(\s*['"]consent['"]/,
    change: "onrampTrack('consent', true) // beside gtag('consent', 'update', …)",
  },
];

const anyManager =
  "onrampTrack('consent', true) // where your banner says that the visitor agreed, and on each later page";

/** Which manager the page brings, if it is one that is known. */
export function findManager({ scripts }: PageText): Manager | undefined {
  const texts = scripts.map(({ attributes, text }) => `${[...attributes].flat().join(' ')} ${text}`);
  return managers.find(({ mark }) => texts.some((text) => mark.test(text)));
}

/**
 * A pixel that waits for consent, in a page whose own scripts never give it.
 *
 * @param files the texts of the page's script files, where a browser has loaded them
 */
export function judgeConsent(tag: Tag, page: PageText, files: readonly string[] | undefined): Finding[] {
  if (tag.source.settings.consent.value !== 'required') return [];
  const texts = [...page.scripts.map(({ text }) => text), ...(files ?? [])];
  if (texts.some((text) => /onrampTrack\s*\(\s*['"`]consent/.test(text))) return [];
  const manager = findManager(page);
  const who = manager
    ? `${manager.name} is in this page, but nothing in the page tells the pixel of it`
    : 'nothing in the page gives it';
  const sentence = `The pixel waits for consent (data-consent="required"), and ${who}: then nothing is stored or sent. It has to be said on each page.${files ? '' : ' A call in a file of its own can be seen with a browser only.'}`;
  return [{ code: 'consent-never-given', sentence, change: manager?.change ?? anyManager }];
}
