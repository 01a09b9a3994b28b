import type { Clock } from '../../wire/time.ts';
import { testReferralMs } from '../ledger/verdict.ts';
import { referralParameter } from '../links/landing.ts';
import type { Provider } from '../store/providers.ts';
import type { Store } from '../store/store.ts';
import type { LedgerWriter } from '../store/writer.ts';

/** What a referral for tests is minted with. */
export interface MintParts {
  store: Pick<Store, 'mintReferral'>;
  writer: LedgerWriter;
  clock: Clock;
  createId: () => string;
}

/**
 * Mints a referral whose rows are tests for an hour, for this provider alone: a click of no listing.
 *
 * @throws StoreUnavailableError
 */
export async function mintTestReferral(
  { store, writer, clock, createId }: MintParts,
  providerId: number,
): Promise<string> {
  const clickedAt = clock();
  const referral = store.mintReferral({ providerId, clickedAt, isForTests: true });
  await writer.write({
    kind: 'click',
    id: createId(),
    providerId,
    listing: '',
    referral,
    clickedAt,
    isBot: false,
  });
  return referral;
}

/** A referral for tests that was minted before. */
export interface TestReferral {
  referral: string;
  /** When what comes by it is no test any more, in epoch milliseconds. */
  endsAt: number;
}

/** The provider's own referral for tests by that id, also one that has ended. */
export function readTestReferral(
  store: Pick<Store, 'readReferral'>,
  { id }: Pick<Provider, 'id'>,
  referral: unknown,
): TestReferral | undefined {
  if (typeof referral !== 'string') return undefined;
  const origin = store.readReferral(referral);
  if (!origin?.isForTests || origin.providerId !== id) return undefined;
  return { referral, endsAt: origin.clickedAt + testReferralMs };
}

/** The site's address with the referral, as a link of the marketplace leads there. */
export function testAddress(site: string, referral: string): string {
  const url = new URL(site);
  url.searchParams.set(referralParameter, referral);
  return url.href;
}

/** The site's address with the panel that says what is wrong in the page. */
export function debugAddress(site: string): string {
  const url = new URL(site);
  url.searchParams.set('onramp_debug', '');
  return url.href.replace('onramp_debug=', 'onramp_debug');
}

/** Where a test begins: what was entered, if a browser can open it, else the first origin that is registered. */
export function siteOf(entered: unknown, origins: readonly string[]): string | undefined {
  const typed = typeof entered === 'string' ? entered.trim() : '';
  const given =
    typed === '' ? undefined : URL.parse(/^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`);
  if (typed !== '') return given?.hostname && /^https?:$/.test(given.protocol) ? given.href : undefined;
  const [known] = origins.filter((origin) => !origin.includes('*'));
  return known && `${known}/`;
}
