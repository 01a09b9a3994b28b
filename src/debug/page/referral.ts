import { dayMs } from '../../wire/fields.ts';
import { listOf, type Settings, windowDays } from '../settings/options.ts';
import { count } from '../words.ts';
import type { Stored } from './stored.ts';

export interface LiveReferral {
  id: string;
  source: string;
  landedAt: number;
  until: number;
  keptIn: 'cookie' | 'localStorage';
}

/** The referral that counts, or why there is none. */
export interface ReferralReading {
  live: LiveReferral | undefined;
  /** Sentences; also where there is one, as far as they say more of it. */
  reasons: string[];
}

export interface Landing {
  address: URL;
  referrer: string;
  now: number;
  privacyControl: boolean;
  consentSeen: boolean;
}

export function readReferral(settings: Settings, stored: Stored, landing: Landing): ReferralReading {
  const text = stored.cookie || stored.items[''];
  const fields = new URLSearchParams(text);
  const id = fields.get('referral');
  const landedAt = Number(fields.get('landedAt'));
  const until = landedAt + windowDays(settings) * dayMs;
  if (!id) return { live: undefined, reasons: whyNone(settings, stored, landing) };
  if (until <= landing.now) {
    const window = count(windowDays(settings), 'day');
    const reason = `One is stored, from ${new Date(landedAt).toLocaleString()}, but it is older than ${window} and counts no longer.`;
    return { live: undefined, reasons: [reason, ...whyNone(settings, stored, landing)] };
  }
  const source = fields.get('referralSource') ?? '';
  const live: LiveReferral = {
    id,
    source,
    landedAt,
    until,
    keptIn: stored.cookie ? 'cookie' : 'localStorage',
  };
  const given = parameterOf(settings, landing.address)?.id;
  if (!given || given === id) return { live, reasons: [] };
  const reason =
    settings.attribution.value === 'first'
      ? `The address brings another one, ${given}, but data-attribution="first" keeps the first until it ends.`
      : `The address brings another one, ${given}, which was not taken: an id may have 300 characters at most.`;
  return { live, reasons: [reason] };
}

/** The parameter of the address that counts, and its value. */
function parameterOf({ referralParam }: Settings, { searchParams }: URL) {
  const names = listOf(referralParam);
  const name = names.find((candidate) => searchParams.get(candidate));
  return name === undefined ? undefined : { name, id: searchParams.get(name) ?? '' };
}

function whyNone(settings: Settings, stored: Stored, landing: Landing): string[] {
  const { address, privacyControl, consentSeen } = landing;
  const given = parameterOf(settings, address);
  const waits = settings.consent.value === 'required' && !consentSeen;
  return [
    ...(waits ? ['The tag waits for consent, and none has been seen since this panel loaded.'] : []),
    ...(privacyControl && !consentSeen
      ? ['The browser asks not to be tracked (Global Privacy Control).']
      : []),
    given
      ? `The address has ${given.name}, but nothing is stored: is the pixel running, and are cookies and storage allowed?`
      : `The address of this page has no parameter ${listOf(settings.referralParam).join(' or ')}.`,
    ...(given ? [] : [aboutReferrer(settings, landing)]),
    ...(stored.denied ? ['This browser denies storage to this page.'] : []),
  ];
}

function aboutReferrer({ marketplaceHosts }: Settings, { referrer, address }: Landing): string {
  const host = URL.parse(referrer)?.hostname;
  const hosts = listOf(marketplaceHosts);
  if (!host) return 'The browser names no page that the visitor came from.';
  if (host === address.hostname) return 'The visitor came from this site itself.';
  if (hosts.length === 0) return `The visitor came from ${host}, but the tag has no data-marketplace-hosts.`;
  return hosts.some((allowed) => `.${host}`.endsWith(`.${allowed}`))
    ? `The visitor came from ${host}, which counts, but nothing is stored.`
    : `The visitor came from ${host}, which is not among data-marketplace-hosts.`;
}
