import { trackingPath, trackingPicturePath } from '../wire/paths.ts';
import { fetchText } from './fetchPage.ts';
import type { Finding } from './findings.ts';
import type { Known } from './judgeTags.ts';
import { optionsOf, type Tag, writeTag } from './tags.ts';

/** How the service at an endpoint answers to a question that it keeps nothing of. */
export type Answer =
  | { kind: 'service'; level: string | undefined; reason: string | undefined }
  | { kind: 'busy' | 'foreign'; status: number }
  | { kind: 'silent'; why: string };

const patienceMs = 10_000;

/** Asks what the service makes of the partner key and of a page of that origin, by HEAD, which stores nothing. */
export async function askService(endpoint: string, partnerKey: string, origin: string): Promise<Answer> {
  const query = `probe=${encodeURIComponent(partnerKey)}&sent=${Date.now()}`;
  try {
    const { status, headers } = await fetch(`${endpoint}${trackingPicturePath}?${query}`, {
      method: 'HEAD',
      redirect: 'manual',
      headers: { origin },
      signal: AbortSignal.timeout(patienceMs),
    });
    const result = headers.get('x-tracking-result') ?? '';
    if (status === 503 || status === 429) return { kind: 'busy', status };
    if (!result.startsWith('probe')) return { kind: 'foreign', status };
    return {
      kind: 'service',
      level: /level=(\w+)/.exec(result)?.[1],
      reason: /reason=(\w+)/.exec(result)?.[1],
    };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return {
      kind: 'silent',
      why: isLate ? `no answer came within ${patienceMs / 1000} seconds` : 'no connection',
    };
  }
}

/**
 * What the service's answer means for the page.
 *
 * @param asked the endpoint, and the key; empty where the tag's is none
 */
export function judgeAnswer(answer: Answer, tag: Tag, asked: Known, known: Known, page: URL): Finding[] {
  const { host, partnerKey } = asked;
  switch (answer.kind) {
    case 'silent': {
      const sentence = `${host} cannot be reached (${answer.why}): no purchase can leave this page. Is the address right, and is the service up?`;
      return [{ code: 'endpoint-unreachable', sentence }];
    }
    case 'busy': {
      const sentence = `The marketplace's service answers ${answer.status} at the moment. The pixel keeps purchases and tries again by itself; if it lasts, tell the marketplace.`;
      return [{ code: 'service-busy', sentence }];
    }
    case 'foreign':
      return [judgeForeign(answer.status, tag, host, known, page)];
    case 'service':
      return judgeKnown(answer, partnerKey, page);
  }
}

function judgeForeign(status: number, tag: Tag, endpoint: string, known: Known, page: URL): Finding {
  const isOwnSite = tag.source.settings.endpoint.from === 'default' && tag.address?.origin === page.origin;
  if (isOwnSite) {
    const sentence = `An optimiser or a copy serves the script from your own site, and messages go where the script came from: ${page.origin} answers ${status} to them. Name the marketplace's address.`;
    const options = optionsOf(tag).set('data-endpoint', known.host);
    return { code: 'tag-own-site', sentence, change: writeTag(known.host, known.partnerKey, options) };
  }
  const sentence = `What answers at ${endpoint}${trackingPath} is not the marketplace's service (${status}). Compare the script's address and data-endpoint with what the marketplace gave you.`;
  return { code: 'endpoint-wrong', sentence };
}

function judgeKnown(
  { level, reason }: Answer & { kind: 'service' },
  partnerKey: string,
  page: URL,
): Finding[] {
  // Without a key, that is what is wrong, and it is told.
  if (!partnerKey) return [];
  if (reason === 'unknown_partner_key') {
    const sentence = `The marketplace does not know the partner key ${partnerKey}. Compare it with the one that the marketplace gave you.`;
    return [{ code: 'key-unknown', sentence }];
  }
  if (reason === 'provider_disabled') {
    const sentence = `The marketplace takes nothing for ${partnerKey} at present. Ask it why your account is disabled.`;
    return [{ code: 'key-disabled', sentence }];
  }
  if (reason === 'below_minimum_level') {
    const sentence = `The marketplace demands more proof than this page gives. Ask it to register ${page.origin} as your origin, or let your server sign each purchase (data-sig).`;
    return [{ code: 'level-too-low', sentence }];
  }
  if (level !== 'unsigned') return [];
  const sentence = `The marketplace does not know ${page.origin} as yours: purchases count, but say "unsigned" and prove little. Ask it to register the origin; by this command, which replaces those before, or in its console.`;
  const change = `onramp-marketplace provider set ${partnerKey} --origin ${page.origin}`;
  return [{ code: 'origin-unregistered', sentence, change }];
}

/** A script as it is served at an address, or why there is none. */
export type ServedScript = { text: string; ageSeconds: number } | { fault: string };

export async function fetchScript(address: URL): Promise<ServedScript> {
  try {
    const { status, text, headers } = await fetchText(address);
    if (status !== 200) return { fault: `it answers ${status}` };
    return { text, ageSeconds: Number(headers.get('age')) || 0 };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'it cannot be read' };
  }
}
