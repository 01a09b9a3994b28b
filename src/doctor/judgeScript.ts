import { createHash } from 'node:crypto';
import type { Finding } from './findings.ts';
import type { Known } from './judgeTags.ts';
import type { ServedScript } from './service.ts';
import { isPixel, optionsOf, type Tag, writeTag } from './tags.ts';

const pinnedName = /\/onramp-[0-9a-f]{12}\.js$/;

/**
 * What is wrong with the script that the tag loads.
 *
 * @param served at the tag's address
 * @param current at the service's own, where it could be read
 */
export function judgeScript(
  tag: Tag,
  served: ServedScript,
  current: ServedScript | undefined,
  known: Known,
  page: URL,
): Finding[] {
  const { address, script } = tag;
  if (!address) return [];
  const isPinned = pinnedName.test(address.pathname);
  const change = writeTag(known.host, known.partnerKey, optionsOf(tag));
  if ('fault' in served) {
    const cause = isPinned
      ? ' The service keeps every version that it ever served there, so this hash is a wrong one.'
      : '';
    const sentence = `The script is not there, so the pixel never runs: ${served.fault.replace(/\.$/, '')}.${cause}`;
    return [{ code: 'script-unreachable', sentence, change }];
  }
  if (!isPixel(served.text)) {
    const sentence = `What stands at ${address.origin}${address.pathname} is not the pixel: a page, or another script.`;
    return [{ code: 'script-not-ours', sentence, change }];
  }
  const integrity = judgeIntegrity(script.attributes, served.text, address, isPinned, known, page);
  return [...integrity, ...judgeAge(served, current, isPinned, change)];
}

function judgeIntegrity(
  attributes: ReadonlyMap<string, string>,
  text: string,
  address: URL,
  isPinned: boolean,
  { host, partnerKey }: Known,
  page: URL,
): Finding[] {
  const written = attributes.get('integrity')?.trim();
  if (!written) return [];
  const findings: Finding[] = [];
  const options = new Map([
    ['integrity', `sha384-${digestOf('sha384', text)}`],
    ['crossorigin', 'anonymous'],
  ]);
  const version = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const change = writeTag(host, partnerKey, options).replace('/onramp.js', `/onramp-${version}.js`);
  if (!matchesIntegrity(written, text)) {
    const sentence = 'The script is not the one that integrity names, so the browser does not run it.';
    findings.push({ code: 'integrity-wrong', sentence, change });
  } else if (!isPinned) {
    const sentence =
      'The tag names a hash, but an address whose script changes with each release: from then on no browser runs it. Pin the address of the version.';
    findings.push({ code: 'integrity-on-moving-address', sentence, change });
  }
  if (address.origin !== page.origin && !attributes.has('crossorigin')) {
    const sentence =
      'The tag has integrity but no crossorigin="anonymous": browsers do not run a script of another site that they may not check.';
    findings.push({ code: 'integrity-without-crossorigin', sentence, change });
  }
  return findings;
}

const algorithms = ['sha256', 'sha384', 'sha512'];

/** Of several hashes those of the strongest kind count, and one of them has to fit. */
function matchesIntegrity(written: string, text: string): boolean {
  const hashes = written.split(/\s+/).map((hash) => {
    const [algorithm = '', digest = ''] = hash.split('?')[0]?.split(/-(.*)/) ?? [];
    return { strength: algorithms.indexOf(algorithm.toLowerCase()), digest };
  });
  const strongest = Math.max(...hashes.map(({ strength }) => strength));
  const algorithm = algorithms[strongest];
  // What browsers don't know they don't heed.
  if (!algorithm) return true;
  return hashes.some(
    ({ strength, digest }) => strength === strongest && digest === digestOf(algorithm, text),
  );
}

function digestOf(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('base64');
}

function judgeAge(
  { text, ageSeconds }: Exclude<ServedScript, { fault: string }>,
  current: ServedScript | undefined,
  isPinned: boolean,
  change: string,
): Finding[] {
  if (!current || 'fault' in current || text === current.text) return [];
  if (isPinned) {
    const sentence =
      'The tag pins an older version of the script. It keeps running; paste the newer one when it suits you.';
    return [{ code: 'script-pinned-old', sentence, change }];
  }
  const age = ageSeconds > 0 ? ` (a cache has kept it for ${Math.ceil(ageSeconds / 60)} minutes)` : '';
  const sentence = `The script that this page loads is not the one that the service serves now${age}. Empty the cache, or load it from the marketplace.`;
  return [{ code: 'script-stale', sentence, change }];
}
