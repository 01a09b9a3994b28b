import { isbot } from 'isbot';

/** Texts remembered at once; anybody can make up any number. */
const maxKnown = 1_000;

/** Tells by a User-Agent. */
export type BotCheck = (userAgent: string | undefined) => boolean;

/**
 * Returns what tells who follows links without being a visitor: crawlers, headless browsers and programs, as far as they
 * say so, which nobody has to.
 */
export function createBotCheck(): BotCheck {
  // Every browser has a User-Agent.
  return rememberAnswers((userAgent) => userAgent === '' || isbot(userAgent));
}

/** Crawlers that run pages call themselves browsers, or what they are. */
const crawler = /^Mozilla\/|bot|crawl|spider|headless/i;

/**
 * Returns what tells who sends messages by running pages that nobody looks at: crawlers and headless browsers, but no
 * programs such as curl or a backend's HTTP client, which run no page and mean what they send.
 */
export function createCrawlerCheck(): BotCheck {
  return rememberAnswers((userAgent) => crawler.test(userAgent) && isbot(userAgent));
}

/** Most requests bear one of a few texts, and matching costs some µs. */
function rememberAnswers(judge: (userAgent: string) => boolean): BotCheck {
  const known = new Map<string, boolean>();
  return (userAgent = '') => {
    const remembered = known.get(userAgent);
    if (remembered !== undefined) return remembered;
    const answer = judge(userAgent);
    if (known.size >= maxKnown) known.clear();
    known.set(userAgent, answer);
    return answer;
  };
}

/** Each with one memory for all ways in. */
export const isBot = createBotCheck();
export const isCrawler = createCrawlerCheck();
