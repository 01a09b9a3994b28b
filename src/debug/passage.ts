import { check, durationOf, type Finding, note, problem } from '../settings/finding.ts';
import { proofLength } from '../wire/proof.ts';
import { longestWaitMs } from './stored.ts';
import {
  ask,
  askService,
  type DirectiveFor,
  explainAnswer,
  loadPicture,
  type Target,
  tryBeacon,
  tryImage,
  type Way,
} from './ways.ts';

export interface Passage {
  /** Whether the service answers, and what it says to this page's partner key. */
  service: Way;
  beacon: Way;
  image: Way;
}

export interface Probing {
  /** As far as it is known by now. */
  passage(): Passage;
  /** Asks by every way, anew; of an address that can't be right nothing is asked. */
  ask(target: Target | undefined): Promise<void>;
}

export function createProbing(directiveFor: DirectiveFor, changed: () => void): Probing {
  let passage = allWays({ outcome: 'asking', saw: 'Asking…' });
  let lastRun = 0;

  return {
    passage: () => passage,
    async ask(target) {
      const run = ++lastRun;
      const isLast = () => run === lastRun;
      const tell = async (name: keyof Passage, answer: Promise<Way>) => {
        const way = await answer.catch((error) => cannotAsk(String(error)));
        if (!isLast()) return;
        passage = { ...passage, [name]: way };
        changed();
      };
      passage = allWays(
        target ? { outcome: 'asking', saw: 'Asking…' } : cannotAsk('its address is not right'),
      );
      changed();
      if (!target) return;
      await tell('service', askService(target, directiveFor));
      // One after the other: each finds the violation that is its own.
      await tell('image', tryImage(target, directiveFor));
      const { cause } = passage.service;
      await tell(
        'beacon',
        tryBeacon(target, directiveFor).then((way) => (cause === 'foreign' ? astray(way) : way)),
      );
    },
  };
}

function allWays(way: Way): Passage {
  return { service: way, beacon: way, image: way };
}

function cannotAsk(why: string): Way {
  return { outcome: 'unknown', saw: `Not asked: ${why}.` };
}

/** A beacon that came through to somebody else. */
function astray(way: Way): Way {
  if (way.outcome !== 'through') return way;
  return { outcome: 'stopped', saw: 'An answer came back, but not the service’s.', cause: 'foreign' };
}

/** What the settings say about where the messages go. */
export interface Destination {
  origin: string;
  host: string;
  /** The path of the base address; empty for none. */
  path: string;
  /** As its writer knows the setting: `data-endpoint`, or `endpoint` for a module. */
  label: string;
  /** The script comes from the page's own host, and no setting says where messages go. */
  isOwnHost: boolean;
}

/** What the three ways say together: each thing that is wrong once. */
export function judgePassage(passage: Passage, destination: Destination): Finding[] {
  const { service, image, beacon } = passage;
  const { host } = destination;
  const own = destination.isOwnHost ? judgeOwnHost(service, destination) : [];
  if (service.cause === 'foreign') return own.length > 0 ? own : [explainForeign(destination)];
  // The service is there when another way reaches it: then only the question was stopped.
  if (service.cause === 'silent' && image.cause === 'silent' && beacon.outcome !== 'through') {
    return own.length > 0 ? own : [unreachable(host)];
  }
  if (image.outcome === 'stopped' && beacon.outcome === 'stopped') {
    return [...own, ...findingsOf(service), bothBlocked(passage, destination)];
  }
  return [
    ...own,
    ...findingsOf(service),
    // The service's words say more than its picture, and it has none while it is busy.
    ...((service.outcome === 'through' && image.cause === 'refusing') || service.cause === 'busy'
      ? []
      : findingsOf(image)),
    ...findingsOf(beacon),
  ];
}

function findingsOf({ finding }: Way): Finding[] {
  return finding ? [finding] : [];
}

function judgeOwnHost(service: Way, { host, label }: Destination): Finding[] {
  const title = `The script comes from this page's own host, so messages go to ${host}, not to the marketplace`;
  const advice = `Add ${label} with the marketplace's base address to the tag.`;
  if (service.outcome === 'asking') return [];
  return service.outcome === 'stopped'
    ? [
        problem(
          title,
          `${advice} ${host} does not answer as the marketplace's service does: purchases are lost.`,
        ),
      ]
    : [check(title, `${advice} It is right without only where this host hands them on to the marketplace.`)];
}

function explainForeign({ host, path, label }: Destination): Finding {
  return path
    ? problem(
        `${label} has the path ${path}, where the marketplace's service does not answer`,
        'Leave the path out, unless the marketplace gave it to you so.',
      )
    : problem(
        `What answers at ${host} is not the marketplace’s service`,
        `Compare ${label} and the address of the script with what the marketplace gave you. A proxy before a service that is down answers so as well.`,
      );
}

function unreachable(host: string): Finding {
  return problem(
    `${host} cannot be reached from this browser: no purchase can leave this page`,
    'Is the address right, and is the service up? A blocker, a firewall or a company network may stop it too: try another browser without extensions.',
  );
}

function bothBlocked({ image, beacon }: Passage, { origin }: Destination): Finding {
  const directives = [image, beacon].flatMap(({ directive }) => (directive ? [directive] : []));
  const policy =
    directives.length > 0
      ? `This page's Content Security Policy stops them (${[...new Set(directives)].join(', ')}): add ${origin} to img-src and connect-src. `
      : '';
  const others =
    directives.length < 2 ? 'A blocker or the network may stop them: try a browser without extensions. ' : '';
  return problem(
    'Beacons and images are both blocked: no purchase can leave this page',
    `${policy}${others}What is tracked waits in this browser for ${durationOf(longestWaitMs)}, where it may be stored.`,
  );
}

interface Violation {
  address: string;
  directive: string;
  at: number;
}

/** How long the browser takes to tell of a violation, which it does in an event of its own. */
const violationPatienceMs = 250;

/** Remembers what the page's Content Security Policy has stopped since the panel loaded. */
export function watchViolations(): { directiveFor: DirectiveFor; stop(): void } {
  const seen: Violation[] = [];
  const listeners = new Set<() => void>();

  function remember({ disposition, blockedURI, effectiveDirective }: SecurityPolicyViolationEvent): void {
    if (disposition !== 'enforce') return;
    seen.push({ address: blockedURI, directive: effectiveDirective, at: performance.now() });
    for (const listener of listeners) listener();
  }
  document.addEventListener('securitypolicyviolation', remember);

  return {
    directiveFor(address, since) {
      const { origin } = new URL(address);
      // Browsers shorten the address that they name, some to its origin.
      const find = () =>
        seen.find((violation) => violation.at >= since && violation.address.startsWith(origin))?.directive;
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          listeners.delete(listen);
          resolve(find());
        };
        const listen = () => {
          if (find()) end();
        };
        const timer = setTimeout(end, violationPatienceMs);
        listeners.add(listen);
        listen();
      });
    },
    stop: () => document.removeEventListener('securitypolicyviolation', remember),
  };
}

/**
 * Sends a purchase of the outbox once more, as the pixel would, and tells what the service says to it. That is
 * harmless: copies of one purchase make one row. The pixel itself ends the entry, at its own next try.
 */
export async function askForProof(address: string, message: string): Promise<Finding> {
  try {
    const response = await ask(`${address}.gif?${message}${Date.now()}`);
    const result = response.headers.get('x-tracking-result');
    if (result) return explainAnswer(result);
    if (response.status === 503 || response.status === 429) {
      return check(
        `The service could not store it at the moment (${response.status})`,
        'The purchase is kept here, and the pixel tries again by itself.',
      );
    }
  } catch {
    // A policy or a blocker may stop this way and let the image through, which tells less.
  }
  const sentMs = Date.now();
  const size = await loadPicture(`${address}.gif?${message}${sentMs}`);
  const length = proofLength(sentMs);
  if (size?.width === length && size.height === 1) {
    return note('The marketplace has it', 'Its picture says so; the reason cannot be read from this page.');
  }
  if (size?.width === 1 && size.height === length) {
    const advice =
      'The reason cannot be read from this page: your rejections say it, GET /api/rejections with your secret.';
    return problem('The marketplace refuses it for good', advice);
  }
  const advice = 'See “Ways to the marketplace” for what stops it. The purchase is kept here.';
  return check('No answer came from the service', advice);
}
