import { trackingPath } from '../../wire/paths.ts';
import { check, problem } from '../finding.ts';
import { probeQuery, type Way } from './passage.ts';
import type { Violations } from './violations.ts';

/** How long an answer to a beacon may take to be seen. */
const beaconPatienceMs = 3_000;

/** Sends a probe by the very beacon that purchases take, to the same address. */
export async function tryBeacon(endpoint: string, partnerKey: string, violations: Violations): Promise<Way> {
  const address = endpoint + trackingPath;
  if (typeof navigator.sendBeacon !== 'function') {
    return { outcome: 'stopped', saw: 'This browser has no sendBeacon. The image is used instead.' };
  }
  const since = performance.now();
  const timing = watchTiming(address, since);
  try {
    const isTaken = navigator.sendBeacon(address, new URLSearchParams(probeQuery(partnerKey)));
    const directive = await violations.directiveFor(address, since);
    if (directive) return stoppedByPolicy(directive, endpoint);
    if (!isTaken) return { outcome: 'stopped', saw: 'The browser refused it. The image is used instead.' };
    return explainTiming(await timing.answered);
  } catch {
    return { outcome: 'stopped', saw: 'sendBeacon throws an error. The image is used instead.' };
  } finally {
    timing.stop();
  }
}

function stoppedByPolicy(directive: string, endpoint: string): Way {
  const finding = check(
    `This page's Content Security Policy stops beacons (${directive})`,
    `Add ${new URL(endpoint).origin} to connect-src. Until then only the image reports purchases, and one may wait for the next page.`,
  );
  return {
    outcome: 'stopped',
    saw: `${directive} in this page's Content Security Policy forbids it.`,
    finding,
  };
}

function explainTiming(isAnswered: boolean | undefined): Way {
  if (isAnswered) return { outcome: 'through', saw: 'The browser took it, and an answer came back.' };
  const isNative = /\[native code\]/.test(Function.prototype.toString.call(navigator.sendBeacon));
  const replaced = isNative ? '' : ' The page or an extension has put its own sendBeacon in place.';
  if (isAnswered === undefined) {
    const saw = `The browser took it. Whether it arrived, it does not tell.${replaced}`;
    return { outcome: 'unknown', saw };
  }
  const finding = problem(
    'Beacons leave this page but get no answer',
    'No policy of the page stops them: a blocker or the network may. Try a browser without extensions. The image reports purchases as long as it passes.',
  );
  const saw = `The browser took it, but no answer came.${replaced}`;
  return { outcome: 'stopped', saw, finding, isSilent: true };
}

/**
 * sendBeacon itself never tells what became of it, but Resource Timing does where the browser keeps beacons there: the
 * service lets it see when its answer started. Undefined where the browser says nothing.
 */
function watchTiming(address: string, since: number) {
  const { promise: answered, resolve } = Promise.withResolvers<boolean | undefined>();
  const observer = new PerformanceObserver((list) => {
    const entry = list.getEntriesByName(address).find((candidate) => candidate.startTime >= since) as
      | PerformanceResourceTiming
      | undefined;
    if (entry) resolve(entry.responseStart > 0);
  });
  observer.observe({ type: 'resource' });
  const timer = setTimeout(() => resolve(undefined), beaconPatienceMs);
  return {
    answered,
    stop() {
      clearTimeout(timer);
      observer.disconnect();
    },
  };
}
