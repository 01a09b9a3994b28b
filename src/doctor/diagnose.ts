import type { Order } from './arguments.ts';
import type { Browser, StartBrowser } from './browser.ts';
import { compareCopies, type PageCopy } from './compareCopies.ts';
import { endpointOf, examinePage, knownOf, type Page, type Rendered, readPage } from './examine.ts';
import { fetchText, nameOf, UnreadableError } from './fetchPage.ts';
import { findBrowser } from './findBrowser.ts';
import { type Finding, report, sortBySeverity } from './findings.ts';
import { createProbeId, judgeRedirects, withReferral } from './judgeReferral.ts';
import { judgeArrival, judgeLanding, judgeReported, judgeSeen } from './judgeSeen.ts';
import type { Known } from './judgeTags.ts';
import { type Endpoint, look, type Seen } from './look.ts';
import type { Report, Reported } from './show.ts';
import { countingTag, type Tag } from './tags.ts';
import { openVisitor, type Visitor } from './visitor.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Tell = (text: string) => void;

/** What the doctor works with. */
export interface Instruments {
  env: Environment;
  /** Says what takes long. */
  tell: Tell;
  startBrowser: StartBrowser;
}

/** The named browser can't be driven. */
export class BrowserError extends Error {
  override name = 'BrowserError';
}

/**
 * Reads the pages of the order, opens them where there is a browser, and tells all that was found.
 *
 * @throws UnreadableError, BrowserError
 */
export async function diagnose(order: Order, instruments: Instruments): Promise<Report> {
  const { env, tell } = instruments;
  tell(`Reading ${nameOf(order.page)}`);
  const page = await read(order.page);
  const thankYou = order.thankYou && (await read(order.thankYou));
  const known = knownOf(thankYou ? [page, thankYou] : [page], env.ONRAMP_BASE_URL);
  const id = createProbeId();
  const landing = withReferral(order.page, id);
  const { hops, status } = await fetchText(landing, accept);
  if (status >= 400) {
    const name = nameOf(order.page);
    throw new UnreadableError(
      `${name} cannot be read by who comes from the marketplace: with ?onramp_ref=… behind it, it answers ${status}.`,
    );
  }
  const redirects = judgeRedirects(hops, id);

  const browser = await start(order.browser, instruments);
  const seen = browser ? await walk(browser, landing, order.thankYou, tell) : {};

  const found = [...redirects, ...(await examineWith(page, seen.page, known))];
  if (seen.page) found.push(...judgeLanding(seen.page, id, found));
  const findings = report(nameOf(order.page), found);
  if (order.thankYou && thankYou) {
    const late = await examineThankYou(thankYou, seen, known, instruments);
    if (seen.page && seen.thankYou) {
      late.push(...judgeArrival(seen.page, seen.thankYou, id, countingTag(page.tags), known));
    }
    findings.push(...report(nameOf(order.thankYou), late));
  }
  return {
    page: nameOf(order.page),
    ...(order.thankYou && { thankYou: nameOf(order.thankYou) }),
    ...(thankYou && { reported: copiesOf(seen.thankYou, countingTag(thankYou.tags)).map(showCopy) }),
    browser: seen.page && browser ? browser.name : null,
    ok: !findings.some(({ severity }) => severity === 'error'),
    findings: sortBySeverity(findings),
  };
}

const accept = { accept: 'text/html' };

const signIn = ' Name a page that visitors may see.';
const hints: Readonly<Record<number, string>> = {
  401: signIn,
  403: signIn,
  405: ' Is it there only for a form that was sent? Open it yourself with ?onramp_debug behind its address.',
};

/** @throws UnreadableError also for an answer that is no page */
async function read(address: URL): Promise<Page> {
  const fetched = await fetchText(address, accept);
  const { status, headers, url } = fetched;
  if (status >= 400) {
    throw new UnreadableError(`${nameOf(url)} cannot be read: it answers ${status}.${hints[status] ?? ''}`);
  }
  const type = headers.get('content-type') || 'text/html';
  if (!/html/i.test(type))
    throw new UnreadableError(`${nameOf(url)} is no page: its content type is ${type}.`);
  return readPage(fetched);
}

/** @throws BrowserError when the one that was named doesn't start */
async function start(
  named: Order['browser'],
  { env, tell, startBrowser }: Instruments,
): Promise<Browser | undefined> {
  if (named === false) return undefined;
  const path = named ?? findBrowser(env);
  if (!path) return undefined;
  try {
    return await startBrowser(path, Boolean(env.NODE_EXTRA_CA_CERTS));
  } catch (error) {
    const why = `${path} cannot be driven: ${error instanceof Error ? error.message : 'it does not start'}`;
    if (named) throw new BrowserError(why);
    tell(`${why}. Looking at the HTML alone.`);
    return undefined;
  }
}

/** What a browser has shown of the two pages. */
interface Walk {
  page?: Seen | undefined;
  thankYou?: Seen | undefined;
}

/** Goes from one page to the other, as the same visitor. A browser that fails has shown what it has shown. */
async function walk(browser: Browser, landing: URL, thankYou: URL | undefined, tell: Tell): Promise<Walk> {
  const seen: Walk = {};
  try {
    const visitor = await openVisitor(browser);
    seen.page = await see(visitor, landing, tell);
    seen.thankYou = thankYou && (await see(visitor, thankYou, tell));
    await visitor.leave();
  } catch (error) {
    tell(`The browser failed: ${error instanceof Error ? error.message : 'it has ended'}`);
  } finally {
    await browser.close();
  }
  return seen;
}

/** A page that the browser can't open is judged by its HTML. */
async function see(visitor: Visitor, address: URL, tell: Tell): Promise<Seen | undefined> {
  tell(`Opening ${nameOf(address)} in the browser`);
  try {
    return await look(visitor, address, endpointIn);
  } catch (error) {
    tell(
      `The browser cannot show ${nameOf(address)}: ${error instanceof Error ? error.message : 'it failed'}`,
    );
    return undefined;
  }
}

function endpointIn({ tags }: Rendered, url: URL): Endpoint {
  const tag = countingTag(tags);
  return {
    base: tag && endpointOf(tag, url),
    partnerKey: tag?.source.settings.partnerKey.value ?? '',
    isConsentRequired: tag?.source.settings.consent.value === 'required',
  };
}

/** A sign-in, for example, in the place of the page that was named. */
function judgeWay({ fetched: { hops, url } }: Page): Finding[] {
  const [named] = hops;
  // From http to https, to www. or to a slash at the end is the same page.
  const plain = (address: URL) =>
    `${address.host.replace(/^www\./, '')}${address.pathname.replace(/\/$/, '')}`;
  if (!named || plain(named) === plain(url)) return [];
  const sentence = `The address leads to ${nameOf(url)}, and that is the page that was looked at. Does it need a sign-in?`;
  return [{ code: 'page-redirected', sentence }];
}

async function examineWith(page: Page, seen: Seen | undefined, known: Known): Promise<Finding[]> {
  const found = [...judgeWay(page), ...(await examinePage(page, seen?.rendered, known))];
  if (!seen) return found;
  const more = judgeSeen(seen, page.tags, found, known);
  // In a bundle it isn't missing.
  const isBundled = more.some(({ code }) => code === 'tag-bundled' || code === 'tag-in-bundle');
  // A nonce that a script has set can't be read from the element: what runs is not stopped.
  const isRunning = seen.pixel === 'runs';
  const refuted = found.filter(
    ({ code }) => (isBundled && code === 'tag-missing') || (isRunning && code === 'csp-blocks-script'),
  );
  return [...found.filter((finding) => !refuted.includes(finding)), ...more];
}

async function examineThankYou(
  page: Page,
  seen: Walk,
  known: Known,
  { env: { ONRAMP_BASE_URL: named, ONRAMP_SECRET: secret }, tell }: Instruments,
): Promise<Finding[]> {
  const found = await examineWith(page, seen.thankYou, known);
  if (seen.thankYou) found.push(...judgeReported(seen.thankYou, found, known));
  const baseUrl = named?.replace(/\/*$/, '');
  if (!baseUrl || !secret) {
    tell('Not compared with what your server reported: that needs ONRAMP_BASE_URL and ONRAMP_SECRET.');
    return found;
  }
  const tag = countingTag(page.tags);
  const endpoint = tag && endpointOf(tag, page.fetched.url);
  if (endpoint && endpoint !== baseUrl) {
    const sentence = `The page reports to ${endpoint}, and your server (ONRAMP_BASE_URL) to ${baseUrl}. A first-party proxy explains that; else one of them is wrong.`;
    found.push({ code: 'base-url-differs', sentence });
  }
  for (const copy of copiesOf(seen.thankYou, tag))
    found.push(...(await compareCopies(copy, { baseUrl, secret })));
  return found;
}

/** What the page reported in the browser or, without one, what its tag says. */
function copiesOf(seen: Seen | undefined, tag: Tag | undefined): PageCopy[] {
  if (seen && seen.reported.length > 0) {
    const byKey = new Map(seen.reported.map(({ fields }) => [keyOf(fields), fields]));
    return [...byKey.values()];
  }
  if (!tag) return [];
  const { settings } = tag.source;
  if (!settings.track.value) return [];
  const fields = ['customerId', 'serviceName', 'orderId', 'amount', 'currency'] as const;
  const values = fields
    .map((name) => [name, settings[name].value] as const)
    .filter(([, value]) => value !== '');
  return [new Map<string, string>([['event', settings.track.value], ...values])];
}

const shownFields = ['event', 'serviceName', 'customerId', 'orderId', 'amount', 'currency'];

function showCopy(copy: PageCopy): Reported {
  const fields = shownFields.flatMap((name) => {
    const value = copy.get(name);
    return value ? [[name, value]] : [];
  });
  return Object.fromEntries(fields);
}

/** The pixel sends one purchase several times. */
function keyOf(fields: PageCopy): string {
  return JSON.stringify(
    ['event', 'serviceName', 'customerId', 'orderId'].map((name) => fields.get(name) ?? ''),
  );
}
