import { parseArgs } from 'node:util';
import { addressOf } from '../settings/settings.ts';

export const usage = `usage: onramp-doctor <address of a page with the tag> [--thank-you <address>] [options]

Says what is wrong with the pixel in your pages, and what to change. It reads the pages that you name and asks the
marketplace's service that their tag names; it leaves no purchase and no visit in the ledger.

options:
  --thank-you <address>   the page after checkout, of a test order: does the referral get there, what does it report
  --json                  one object for programs, as docs/doctor.md describes it
  --browser <path>        Chromium, Chrome or Edge; else CHROMIUM_PATH, or what is found
  --no-browser            reads the HTML alone
  --help

environment, to compare the thank-you page with what your server reported:
  ONRAMP_BASE_URL   where the marketplace's service stands, for example https://market.example
  ONRAMP_SECRET     your secret, os_…: sent to ONRAMP_BASE_URL and to nobody else, and never shown

exit code: 0 nothing is wrong (there may be warnings and notes), 1 an error was found, 2 wrong usage,
3 a page could not be read`;

/** What is asked of the doctor. */
export interface Order {
  page: URL;
  thankYou: URL | undefined;
  isJson: boolean;
  /** A path; false: none; undefined: what is found. */
  browser: string | false | undefined;
}

/** Reads the command line: an order, a wish for help, or what is wrong with it. */
export function readArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Order | 'help' | { mistake: string } {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return { mistake: error instanceof Error ? error.message : 'the options cannot be read' };
  }
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  const [named, ...others] = positionals;
  if (named === undefined) return { mistake: 'no page is named' };
  if (others.length > 0)
    return { mistake: 'more pages than one: the page after checkout is named by --thank-you' };
  if (values.browser !== undefined && values['no-browser']) {
    return { mistake: '--browser and --no-browser contradict each other' };
  }
  const page = readAddress(named);
  if (!page) return { mistake: 'the page is no address: it starts with https:// or http://' };
  const thankYou = values['thank-you'] === undefined ? undefined : readAddress(values['thank-you']);
  if (values['thank-you'] !== undefined && !thankYou) {
    return { mistake: '--thank-you is no address: it starts with https:// or http://' };
  }
  if (env.ONRAMP_BASE_URL && !readAddress(env.ONRAMP_BASE_URL)) {
    return { mistake: 'ONRAMP_BASE_URL is no address: it starts with https:// or http://' };
  }
  const browser = values['no-browser'] ? false : values.browser;
  return { page, thankYou, isJson: values.json ?? false, browser };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'thank-you': { type: 'string' },
      json: { type: 'boolean' },
      browser: { type: 'string' },
      'no-browser': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

function readAddress(text: string): URL | undefined {
  const address = addressOf(text);
  return address && /^https?:$/.test(address.protocol) ? address : undefined;
}
