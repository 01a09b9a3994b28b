import type { Finding as Advice } from '../settings/finding.ts';
import {
  isLoopback,
  isMixed,
  judgeEndpoint,
  judgeKey,
  judgeOption,
  judgeSpelling,
} from '../settings/judgeSettings.ts';
import {
  judgeBareAmount,
  judgeTrack,
  judgeValue,
  leftover,
  valueNames,
  valueOfSetting,
} from '../settings/purchase.ts';
import { addressOf, looksSecret, type SettingName } from '../settings/settings.ts';
import { isTemplateLeftover } from '../wire/text.ts';
import type { Code, Finding } from './findings.ts';
import type { PageText } from './readHtml.ts';
import { heldBy, optionsOf, type Tag, writeTag } from './tags.ts';

/** What lines to paste are filled in with. */
export interface Known {
  /** ONRAMP_BASE_URL, without a slash at its end. */
  host: string;
  partnerKey: string;
}

const unseen = ' One that a script puts in, such as a tag manager’s, is seen with a browser only.';

/** How often the tag stands in the page, and where it only seems to. */
export function judgePresence(
  tags: readonly Tag[],
  { hidden }: PageText,
  known: Known,
  isRendered: boolean,
): Finding[] {
  const [first, ...others] = tags;
  const change = writeTag(known.host, known.partnerKey);
  if (!first) {
    const isHidden = hidden.some((text) => /onramp[^/\s]*\.js|data-partner-key/.test(text));
    const where = isHidden ? ' It stands in a comment or in noscript, where no browser runs it.' : '';
    return [
      {
        code: 'tag-missing',
        sentence: `The tag is missing from this page.${where}${isRendered ? '' : unseen}`,
        change,
      },
    ];
  }
  if (others.length === 0) return [];
  const keys = new Set(tags.map(keyOf));
  if (keys.size === 1) {
    const sentence = `The tag stands ${tags.length} times in this page. Leave one: settings of the last one count, and each further one with data-track reports again.`;
    return [{ code: 'tag-twice', sentence, change }];
  }
  const sentence = `The page has tags with ${keys.size} partner keys (${[...keys].map((key) => key || 'none').join(', ')}). Only the first one runs: take the others out.`;
  return [{ code: 'tag-two-keys', sentence, change: writeTag(known.host, keyOf(first), optionsOf(first)) }];
}

function keyOf({ source }: Tag): string {
  return source.settings.partnerKey.value;
}

/**
 * What an optimiser, a consent manager or the page itself has done to the tag's element.
 *
 * @param manager of consent, that the page has
 */
export function judgeElement(
  tag: Tag,
  known: Known,
  isParserInserted: boolean,
  manager: string | undefined,
): Finding[] {
  const { script, address, isInlined } = tag;
  const { attributes } = script;
  const change = writeTag(known.host, known.partnerKey, optionsOf(tag));
  const findings: Finding[] = [];
  if (keyOf(tag) === '') {
    const sentence =
      'The tag has no partner key, so the pixel does not run. Where a tag manager strips attributes, the script’s address carries them.';
    const query = new URLSearchParams({ 'partner-key': known.partnerKey });
    findings.push({
      code: 'tag-stripped',
      sentence,
      change: `<script async src="${known.host}/onramp.js?${query}"></script>`,
    });
  }
  if (isInlined) {
    const sentence = attributes.has('data-endpoint')
      ? 'An optimiser has put the script itself into the page: it will never be renewed. Exclude onramp.js from it.'
      : 'An optimiser has put the script itself into the page: it has no address, so it knows no endpoint and sends nothing. Exclude onramp.js from it, or name data-endpoint.';
    const options = new Map(optionsOf(tag)).set('data-endpoint', known.host);
    findings.push({ code: 'tag-inlined', sentence, change: writeTag(known.host, known.partnerKey, options) });
  }
  const held = heldBy(script);
  if (held !== undefined) findings.push(judgeHeld(held, tag, change, manager));
  else if (attributes.get('type')?.trim().toLowerCase() === 'module') {
    const sentence =
      'The tag is of type="module": where Turbo or htmx change the page, it runs only once. Paste it without the type.';
    findings.push({ code: 'tag-module', sentence, change });
  } else if (isParserInserted && address && !attributes.has('async') && !attributes.has('defer')) {
    const sentence =
      'The tag has no async, so that your page waits for the marketplace’s server before it goes on.';
    findings.push({ code: 'tag-blocking', sentence, change });
  }
  return findings;
}

/** By what their elements say, in the order in which they are looked for. */
const holders: readonly [name: string, isIts: (attributes: ReadonlyMap<string, string>) => boolean][] = [
  ['Cookiebot', (attributes) => attributes.has('data-cookieconsent')],
  ['OneTrust', (attributes) => /optanon-category/i.test(attributes.get('class') ?? '')],
  ['Usercentrics', (attributes) => attributes.has('data-usercentrics')],
  ['Klaro', (attributes) => attributes.has('data-name')],
  [
    'A consent manager',
    (attributes) =>
      ['data-category', 'data-categories', 'data-cookieyes', 'data-iub-purposes', 'data-cmp-vendor'].some(
        (name) => attributes.has(name),
      ),
  ],
];

function judgeHeld(held: string, { script }: Tag, change: string, manager: string | undefined): Finding {
  const isPlain = held.toLowerCase() === 'text/plain';
  const marked = holders.find(([, isIts]) => isIts(script.attributes))?.[0];
  const holder = isPlain ? (marked ?? manager) : undefined;
  if (holder) {
    const sentence = `${holder} holds the tag back (type="text/plain") until the visitor agrees. Purchases of who does not agree are never reported; your server can report them.`;
    return { code: 'consent-holds-tag', sentence };
  }
  const sentence = `Something holds the tag back until later (${held.startsWith('data-') ? held : `type="${held}"`}), and perhaps for ever: a visitor who leaves before that is not counted. Exclude onramp.js from it.`;
  return { code: 'tag-delayed', sentence, change };
}

/**
 * What stands before the tag for calls that come before the script.
 *
 * @param files the texts of the page's script files, where a browser has loaded them
 */
export function judgeStub(
  { scripts }: PageText,
  files: readonly string[] | undefined,
  stub: string,
): Finding[] {
  // Data and templates are no calls.
  const inline = scripts
    .filter((script) => !script.attributes.has('src') && heldBy(script) === undefined)
    .map(({ text }) => text);
  const written = [...inline, ...(files ?? [])].find((text) =>
    /onrampTrack\.q\s*=\s*(window\.)?onrampTrack\.q\s*\|\|/.test(text),
  );
  if (written !== undefined) {
    if (written.includes('Promise')) return [];
    const sentence =
      'The stub is an older one: a call before the script has loaded gets no receipt, and a page that awaits one waits for ever.';
    return [{ code: 'stub-older', sentence, change: stub }];
  }
  if (!inline.some((text) => /\bonrampTrack\s*\(/.test(text))) return [];
  const sentence = `The page calls onrampTrack, but has no stub before it: a call before the script has loaded, or while something blocks it, is an error in your page.${files ? '' : ' A stub in a file of its own can be seen with a browser only.'}`;
  return [{ code: 'stub-missing', sentence, change: stub }];
}

/** What the tag's settings say, by the same rules as the panel's. */
export function judgeSettingsOf({ source }: Tag, page: URL, now: number): Finding[] {
  const { settings } = source;
  const isUnfilled = (value: string) => value !== '' && isTemplateLeftover(value);
  const key = settings.partnerKey.value;
  const values = valueNames.flatMap((name) => (name === 'event' ? [] : [valueOfSetting(name, settings)]));
  const options = Object.values(settings).filter(({ value }) => !isUnfilled(value));
  return [
    ...(key && !isUnfilled(key) ? judgeKey(source) : []).map((advice) =>
      toFinding(looksSecret(key) ? 'secret-in-page' : 'key-malformed', advice),
    ),
    // Other tools' attributes are none of the doctor's business.
    ...judgeSpelling(source)
      .filter(({ severity }) => severity !== 'note')
      .map((advice) => toFinding('setting-misspelled', advice)),
    ...Object.values(settings)
      .filter(({ value }) => isUnfilled(value))
      .map(({ name, label, value }) =>
        toFinding('template-not-filled', leftover({ name, label, text: value }), name),
      ),
    ...judgeAddressOfMessages(settings.endpoint.value, source, page),
    ...judgeTrack(settings).map((advice) =>
      advice.severity === 'problem'
        ? toFinding('purchase-refused', advice, settings.customerId.value ? 'serviceName' : 'customerId')
        : toFinding('order-missing', advice, 'orderId'),
    ),
    ...values
      .filter(({ text }) => !isUnfilled(text))
      .flatMap((value) =>
        judgeValue(value, now).map((advice) => toFinding(codeOfValue(advice), advice, value.name)),
      ),
    ...judgeBareAmount(valueOfSetting('amount', settings), settings.currency.value).map((advice) =>
      toFinding('value-unreadable', advice, 'currency'),
    ),
    ...options.flatMap((setting) =>
      judgeOption(setting, page).map((advice) => toFinding('setting-wrong', advice, setting.name)),
    ),
  ];
}

function codeOfValue({ severity }: Advice): Code {
  return severity === 'problem' ? 'purchase-refused' : 'value-unreadable';
}

function judgeAddressOfMessages(endpoint: string, source: Tag['source'], page: URL): Finding[] {
  if (!endpoint || isTemplateLeftover(endpoint)) return [];
  const address = addressOf(endpoint, page);
  if (address && isLoopback(address) && !isLoopback(page)) {
    const sentence = `Messages go to ${address.host}, which is each visitor's own machine: the marketplace's address in its place.`;
    return [{ code: 'endpoint-wrong', sentence }];
  }
  const code = address && isMixed(address, page) ? 'endpoint-insecure' : 'endpoint-wrong';
  return judgeEndpoint(source.settings, page).map((advice) => toFinding(code, advice, 'endpoint'));
}

/** How each is written, where what stands there can't be used. */
const examples: Partial<Record<SettingName | 'event', string>> = {
  customerId: 'data-customer-id="42"',
  serviceName: 'data-service-name="Acme CRM"',
  orderId: 'data-order-id="A-1001"',
  purchasedAt: 'data-purchased-at="2026-11-24T10:00:00Z"',
  amount: 'data-amount="49.90"',
  currency: 'data-currency="EUR"',
  endpoint: 'data-endpoint="https://market.example"',
  referralParam: 'data-referral-param="onramp_ref"',
  marketplaceHosts: 'data-marketplace-hosts="market.example"',
  windowDays: 'data-window-days="30"',
  cookieDomain: 'data-cookie-domain="none"',
  attribution: 'data-attribution="last"',
  consent: 'data-consent="required"',
};

function toFinding(code: Code, { title, advice }: Advice, name?: SettingName | 'event'): Finding {
  const change = name && examples[name];
  return {
    code,
    sentence: `${title}${/[.?!]$/.test(title) ? '' : '.'} ${advice}`,
    ...(change && { change }),
  };
}
