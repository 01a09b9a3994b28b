import { isbot } from 'isbot';

/** Texts remembered at once; anybody can make up any number. */
const maxKnown = 1_000;

/**
 * Returns what tells by a User-Agent whether the client is a crawler, a headless browser or a program. Only those that
 * say so are found, and nobody has to. Most requests bear one of a few texts, and matching costs some µs: it remembers.
 */
export function createBotCheck(): (userAgent: string | undefined) => boolean {
  const known = new Map<string, boolean>();
  return (userAgent = '') => {
    // Every browser has one.
    if (userAgent === '') return true;
    const answer = known.get(userAgent) ?? isbot(userAgent);
    if (known.size >= maxKnown) known.clear();
    known.set(userAgent, answer);
    return answer;
  };
}

/** One memory for all ways in. */
export const isBot = createBotCheck();
