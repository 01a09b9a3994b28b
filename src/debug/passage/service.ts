import { trackingPicturePath } from '../../wire/paths.ts';
import { attempt } from '../attempt.ts';
import { problem } from '../finding.ts';
import { explainResult } from './answers.ts';
import { patienceMs, probeQuery, type Way } from './passage.ts';
import type { Violations } from './violations.ts';

/** Asks the service what it makes of the partner key and of this page, by HEAD, which stores nothing. */
export async function askService(endpoint: string, partnerKey: string, violations: Violations): Promise<Way> {
  const address = `${endpoint}${trackingPicturePath}?${probeQuery(partnerKey)}`;
  const since = performance.now();
  try {
    const response = await fetch(address, {
      method: 'HEAD',
      credentials: 'omit',
      referrerPolicy: 'origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(patienceMs),
    });
    return judgeAnswer(response.status, response.headers.get('x-tracking-result') ?? '');
  } catch {
    return explainSilence(await violations.directiveFor(address, since), endpoint);
  }
}

function judgeAnswer(status: number, result: string): Way {
  if (status === 503 || status === 429) {
    const finding = problem(
      `The marketplace's service is not available at the moment (${status})`,
      'The pixel keeps purchases and tries again by itself. If it lasts, tell the marketplace.',
    );
    return { outcome: 'stopped', saw: `It answers ${status}: try again later.`, finding };
  }
  if (!result.startsWith('probe')) {
    const finding = problem(
      'What answers there is not the marketplace’s service, or an older one',
      'Compare data-endpoint and the address of the script with the tag that the marketplace gave you.',
    );
    return { outcome: 'unknown', saw: `It answers ${status}, but not as the service does.`, finding };
  }
  const finding = explainResult(result);
  return { outcome: 'through', saw: describeResult(result), ...(finding && { finding }) };
}

function describeResult(result: string): string {
  const level = /level=(\w+)/.exec(result)?.[1];
  if (level === undefined) return 'It refuses this partner key.';
  return level === 'unsigned'
    ? 'It knows your partner key, but not this site as yours (level “unsigned”).'
    : `It knows your partner key, and this site as yours (level “${level}”).`;
}

function explainSilence(directive: string | undefined, endpoint: string): Way {
  if (directive) {
    const saw = `Not asked: ${directive} in this page's Content Security Policy forbids it.`;
    return { outcome: 'unknown', saw };
  }
  const finding = problem(
    `${attempt(() => new URL(endpoint).host) ?? endpoint} cannot be reached from this browser`,
    'Is the address right, and is the service up? A blocker, a firewall or a company network may stop it too: try another browser without extensions.',
  );
  return { outcome: 'stopped', saw: 'No answer came.', finding, isSilent: true };
}
