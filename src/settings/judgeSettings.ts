import { maxPartnerKeyLength } from '../wire/fields.ts';
import { trackingPath } from '../wire/paths.ts';
import { isTemplateLeftover } from '../wire/text.ts';
import { check, type Finding, nearest, note, problem, shorten } from './finding.ts';
import { judgeBareAmount, judgeTrack, judgeValue, leftover, valueNames, valueOfSetting } from './purchase.ts';
import {
  addressOf,
  defaults,
  kebab,
  listOf,
  looksSecret,
  type Setting,
  type Settings,
  type Source,
  settingNames,
  written,
} from './settings.ts';

/** All that is wrong with the settings, on a page of that address at that time. */
export function judgeSettings(source: Source, page: URL, now: number): Finding[] {
  const { settings } = source;
  const values = valueNames.flatMap((name) => (name === 'event' ? [] : [valueOfSetting(name, settings)]));
  const isUnfilled = ({ value }: Setting) => value !== '' && isTemplateLeftover(value);
  const others = Object.values(settings).filter(({ name }) => !values.some((value) => value.name === name));
  const unfilled = others.filter(isUnfilled);
  // What was not filled in is told once, as that.
  const filledIn = { ...settings };
  for (const setting of unfilled) filledIn[setting.name] = { ...setting, value: defaults[setting.name] };
  return [
    ...(isUnfilled(settings.partnerKey) ? [] : judgeKey(source)),
    ...judgeSpelling(source),
    ...unfilled.map(({ name, label, value }) => leftover({ name, label, text: value })),
    ...(isUnfilled(settings.endpoint) ? [] : judgeEndpoint(settings, page)),
    ...judgeTrack(settings),
    ...values.flatMap((value) => judgeValue(value, now)),
    ...judgeBareAmount(valueOfSetting('amount', settings), settings.currency.value),
    ...Object.values(filledIn).flatMap((setting) => judgeOption(setting, page)),
  ];
}

/** The partner key, as far as it can be judged without the service. */
export function judgeKey({ settings, by }: Source): Finding[] {
  const { value } = settings.partnerKey;
  if (!value) {
    return [
      by === 'tag'
        ? problem(
            'The tag has no partner key, so the pixel does not run',
            'Add data-partner-key. If a tag manager strips attributes, write onramp.js?partner-key=… in src instead.',
          )
        : problem('startOnramp was given no partner key, so all is refused', 'Give it as partnerKey.'),
    ];
  }
  if (looksSecret(value)) {
    return [
      problem(
        'The page shows what looks like your secret, for everybody to read',
        'Put the partner key in its place, and ask the marketplace for a new secret at once.',
      ),
    ];
  }
  if (value.length > maxPartnerKeyLength || !/^[\w-]+$/.test(value)) {
    return [
      problem(
        `"${shorten(value)}" is no partner key`,
        'It has only letters, digits, _ and -. Copy it again from the tag that the marketplace gave you.',
      ),
    ];
  }
  return [];
}

/** `data-event` is no documented option, but the pixel knows it. */
const known = [...settingNames.map(kebab), 'event'];
/** What a script element may have anyway. */
const usual =
  /^(src|async|defer|type|id|class|crossorigin|integrity|nonce|referrerpolicy|fetchpriority|charset)$/;

/** Names that the pixel does not read, but that someone may have meant it to. */
export function judgeSpelling({ attributes, parameters }: Source): Finding[] {
  const foreign = attributes
    .filter((name) => !usual.test(name))
    .filter((name) => !known.some((option) => name === `data-${option}`));
  const typos = [
    ...foreign.flatMap((name) => meant(name, name.replace(/^data-/, ''), 'data-')),
    ...parameters.filter((name) => !known.includes(name)).flatMap((name) => meant(name, name, '')),
  ];
  const others = foreign.filter(
    (name) => name.startsWith('data-') && nearest(name.slice(5), known) === undefined,
  );
  if (others.length === 0) return typos;
  return [
    ...typos,
    note(
      `The tag has attributes that are not the pixel's: ${others.join(', ')}`,
      'Other tools may use them; the pixel ignores them.',
    ),
  ];
}

function meant(writtenName: string, name: string, prefix: string): Finding[] {
  const option = nearest(name, known);
  return option
    ? [check(`${writtenName} is ignored. Did you mean ${prefix}${option}?`, 'Correct the name in the tag.')]
    : [];
}

/** Where the messages go, as far as the setting itself can tell; the rest is for the probes. */
export function judgeEndpoint({ endpoint }: Settings, page: URL): Finding[] {
  const { value, label } = endpoint;
  if (!value) {
    const advice = `Add ${label} with the marketplace's base address.`;
    return [problem(`Without ${label} the messages go to this page's own site`, advice)];
  }
  const address = addressOf(value, page);
  const isWhole = /^(https?:)?\/\/|^\//i.test(value);
  if (!isWhole || !address) {
    const title = `${written(endpoint)} has no https:// before it, so no message reaches the marketplace`;
    return [problem(title, 'Write the whole address of the marketplace, from https:// on.')];
  }
  if (address.pathname.toLowerCase().includes(trackingPath.toLowerCase())) {
    const title = `${label} has the service's own path in it, so no message reaches the service`;
    return [problem(title, `Leave ${trackingPath} and what follows out: the pixel adds it.`)];
  }
  if (address.search || address.hash) {
    const advice = 'Leave out ? and # and what follows them: the pixel adds its own path at the end.';
    return [problem(`${label} says more than the base address`, advice)];
  }
  return isMixed(address, page)
    ? [
        problem(
          'This page is https, but the messages would go to http: browsers stop that',
          `Use https:// for ${label} and for the address of the script.`,
        ),
      ]
    : [];
}

/** Whether browsers stop what goes from that page to that address; they take the machine itself as safe. */
export function isMixed(address: URL, page: URL): boolean {
  return page.protocol === 'https:' && address.protocol === 'http:' && !isLoopback(address);
}

/** Whether the address is of the machine itself. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(hostname);
}

/** What the pixel would make of an option otherwise than its writer meant. */
export function judgeOption(setting: Setting, page: URL): Finding[] {
  switch (setting.name) {
    case 'marketplaceHosts':
      return judgeHosts(setting);
    case 'referralParam':
      return judgeParameters(setting);
    case 'windowDays':
      return judgeWindow(setting);
    case 'cookieDomain':
      return judgeDomain(setting, page);
    case 'attribution':
      return judgeWord(setting, ['last', 'first'], 'The last referral counts.');
    case 'consent':
      return judgeWord(setting, ['required'], 'No consent is waited for.');
    default:
      return [];
  }
}

function judgeHosts(setting: Setting): Finding[] {
  return listOf(setting)
    .filter((host) => !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(host))
    .map((host) =>
      problem(
        `${setting.label}: "${host}" never matches`,
        'Write a host name alone, in small letters, as market.example: no https://, port, path or *. Its subdomains count by themselves.',
      ),
    );
}

function judgeParameters(setting: Setting): Finding[] {
  return listOf(setting)
    .filter((name) => /[?&=#]/.test(name))
    .map((name) =>
      problem(
        `${setting.label}: "${name}" is no name of a parameter`,
        `Write the name alone, as ${defaults.referralParam}: no ?, & or =.`,
      ),
    );
}

function judgeWindow(setting: Setting): Finding[] {
  const { label, value } = setting;
  const days = Number(value);
  const advice = `Write a number of days, as ${defaults.windowDays}.`;
  if (days < 0) return [problem(`${label} is below 0, so no referral ever counts`, advice)];
  if (!days) {
    return [check(`${written(setting)} is no number of days: ${defaults.windowDays} counts`, advice)];
  }
  // Chromium caps a cookie's age there: https://developer.chrome.com/blog/cookie-max-age-expires
  if (days > 400) return [check(`${label} is more than browsers keep a cookie: 400 days`, advice)];
  return [];
}

function judgeDomain(setting: Setting, { hostname }: URL): Finding[] {
  const { value } = setting;
  if (!value || value === 'none') return [];
  const domain = value.replace(/^\./, '').toLowerCase();
  const advice =
    'Write a domain that this page is on, or none. Until then the referral is kept for this host alone.';
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(domain)) {
    return [check(`${written(setting)} is no domain`, advice)];
  }
  if (hostname !== domain && !hostname.endsWith(`.${domain}`)) {
    return [check(`This page, on ${hostname}, can't set cookies for ${domain}`, advice)];
  }
  return [];
}

function judgeWord(setting: Setting, words: readonly string[], instead: string): Finding[] {
  if (!setting.value || words.includes(setting.value)) return [];
  return [check(`${written(setting)} is not known`, `${instead} It may be: ${words.join(', ')}.`)];
}
