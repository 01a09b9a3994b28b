import { isLoopback } from '../settings/judgeSettings.ts';
import { trackingPath, trackingPicturePath } from '../wire/paths.ts';
import type { Code, Finding } from './findings.ts';
import { type Action, forbiddenBy, hashSource, type Policy, parsePolicies, withSource } from './policy.ts';
import type { PageText, Script } from './readHtml.ts';
import { heldBy, type Tag } from './tags.ts';

/** All policies of a page. */
export function policiesOf(headers: Headers, { metaPolicies }: PageText): Policy[] {
  const enforced = headers.get('content-security-policy') ?? '';
  const reported = headers.get('content-security-policy-report-only') ?? '';
  return [
    ...parsePolicies(enforced),
    ...parsePolicies(reported, { isReportOnly: true }),
    ...metaPolicies.flatMap(({ text, place }) => parsePolicies(text, { from: 'meta', place })),
  ];
}

/** What is tried on a page, and what it means where it is forbidden. */
interface Attempt {
  code: Code;
  action: Action;
  /** Undefined: at any time. */
  place: number | undefined;
  /** Whose line begins with "Your policy stops". */
  what: string;
  /** What a policy has to name. */
  source: string;
  meaning: string;
}

/** Which of the pixel's doings the page's policies stop: they all have to allow it, and reports stop nothing. */
export function judgePolicies(
  policies: readonly Policy[],
  tag: Tag,
  { scripts }: PageText,
  messages: URL | undefined,
  page: URL,
  isParserInserted: boolean,
): Finding[] {
  const attempts = [
    ...attemptScript(tag, isParserInserted),
    ...scripts.filter(callsPixel).map(attemptInline),
    ...(messages ? attemptMessages(messages, policies) : []),
  ];
  const stopped = attempts.flatMap((attempt) => judgeAttempt(attempt, policies, page));
  return mergeMessages(stopped).map((one) => ({
    code: one.code,
    sentence: one.sentence,
    change: one.nonced ?? [...new Set(one.policies)].map((policy) => cure(policy, stopped)).join('\n'),
  }));
}

/** The policy as it stops nothing of the pixel: who pastes the lines of several findings must not lose the first by the second. */
function cure(policy: Policy, stopped: readonly Stopped[]): string {
  const cured = stopped
    .filter((one) => one.policies.includes(policy) && !one.nonced)
    .reduce((text, { attempt: { action, source } }) => {
      const [so = policy] = parsePolicies(text);
      return withSource(so, action.kind, source);
    }, policy.text);
  return writePolicy(policy, cured);
}

function attemptScript({ address, script }: Tag, isParserInserted: boolean): Attempt[] {
  if (!address) return [];
  const nonce = script.attributes.get('nonce');
  const integrity = script.attributes.get('integrity');
  const action = {
    kind: 'script',
    url: address,
    isParserInserted,
    ...(nonce && { nonce }),
    ...(integrity && { integrity }),
  } as const;
  const meaning = 'so the pixel never runs';
  const { origin } = address;
  return [
    {
      code: 'csp-blocks-script',
      action,
      place: isParserInserted ? script.place : Number.POSITIVE_INFINITY,
      what: 'the script',
      source: origin,
      meaning,
    },
  ];
}

/** The stub, and the page's own calls. */
function callsPixel(script: Script): boolean {
  const { attributes, text } = script;
  return !attributes.has('src') && heldBy(script) === undefined && /\bonrampTrack\b/.test(text);
}

function attemptInline({ attributes, text, place }: Script): Attempt {
  const nonce = attributes.get('nonce');
  return {
    code: 'csp-blocks-stub',
    action: { kind: 'inline', text, ...(nonce && { nonce }) },
    place,
    what: 'an inline script that calls onrampTrack, or the stub',
    source: hashSource(text),
    meaning:
      'so those calls are never made. Give the element the nonce of your policy, or the policy its hash',
  };
}

function attemptMessages(messages: URL, policies: readonly Policy[]): Attempt[] {
  const { origin } = messages;
  const base = messages.pathname.replace(/\/*$/, '');
  const isUpgraded = policies.some(
    ({ directives, isReportOnly }) => directives.has('upgrade-insecure-requests') && !isReportOnly,
  );
  const at = (path: string) => {
    const url = new URL(base + path, messages);
    if (isUpgraded && !isLoopback(url)) url.protocol = url.protocol.replace('http:', 'https:');
    return url;
  };
  const shared = { place: undefined, source: origin };
  return [
    {
      ...shared,
      code: 'csp-blocks-beacon',
      action: { kind: 'beacon', url: at(trackingPath) },
      what: 'the beacon',
      meaning: 'so only the image reports purchases, and one may wait for the next page',
    },
    {
      ...shared,
      code: 'csp-blocks-image',
      action: { kind: 'image', url: at(trackingPicturePath) },
      what: 'the image',
      meaning: 'so no purchase can be proven, and a lost beacon is a lost purchase',
    },
  ];
}

interface Stopped extends Finding {
  attempt: Attempt;
  policies: Policy[];
  /** The tag with a nonce, where no other source helps. */
  nonced?: string | undefined;
}

function judgeAttempt(attempt: Attempt, policies: readonly Policy[], page: URL): Stopped[] {
  const { code, action, place, what, meaning } = attempt;
  const forbids = (policy: Policy) =>
    place !== undefined && policy.place > place ? undefined : forbiddenBy(policy, action, page);
  const policy =
    policies.find((one) => !one.isReportOnly && forbids(one)) ??
    policies.find((one) => one.isReportOnly && forbids(one));
  if (!policy) return [];
  const directive = forbids(policy) ?? '';
  const shared = { attempt, policies: [policy] };
  if (policy.isReportOnly) {
    const sentence = `Your report-only policy (${directive}) would stop ${what}. It stops nothing yet: mend it before you enforce it.`;
    return [{ ...shared, code: 'csp-report-only', sentence }];
  }
  const where = policy.from === 'meta' ? 'in the page' : 'in the header';
  const strict = /'strict-dynamic'/i.test(policy.directives.get(directive)?.join(' ') ?? '')
    ? " With 'strict-dynamic' addresses count for nothing: give the tag the nonce of your policy."
    : '';
  const isOtherNonce = 'nonce' in action && /'nonce-/i.test(policy.text);
  const other = isOtherNonce ? ' The nonce of the element is not that of the policy.' : '';
  const hint = code === 'csp-blocks-script' ? strict : '';
  const sentence = `Your Content Security Policy (${directive}, ${where}) stops ${what}, ${meaning}.${other}${hint}`;
  return [{ ...shared, code, sentence, nonced: hint ? withNonce(attempt) : undefined }];
}

/** Where the policy came from, with another text. */
function writePolicy({ from, isReportOnly }: Policy, text: string): string {
  if (from === 'meta') return `<meta http-equiv="Content-Security-Policy" content="${text}">`;
  return `Content-Security-Policy${isReportOnly ? '-Report-Only' : ''}: ${text}`;
}

function withNonce({ action }: Attempt): string {
  const address = 'url' in action ? action.url.href : '';
  return `<script nonce="…" async src="${address}" …></script>`;
}

/** Both ways stopped is worse than one and one. */
function mergeMessages(stopped: readonly Stopped[]): Stopped[] {
  const beacon = stopped.find(({ code }) => code === 'csp-blocks-beacon');
  const image = stopped.find(({ code }) => code === 'csp-blocks-image');
  if (!beacon || !image) return [...stopped];
  const others = stopped.filter((one) => one !== beacon && one !== image);
  const sentence =
    'Your Content Security Policy stops the beacon and the image, so no purchase can leave this page.';
  const policies = [...beacon.policies, ...image.policies];
  return [...others, { ...beacon, code: 'csp-blocks-messages', sentence, policies }];
}

/** A page without a tag whose policy may have kept a script from putting it in. */
export function judgeTrustedTypes(policies: readonly Policy[]): Finding[] {
  const isRequired = policies.some(
    ({ directives, isReportOnly }) => !isReportOnly && directives.has('require-trusted-types-for'),
  );
  if (!isRequired) return [];
  const sentence =
    'Your policy requires trusted types: a script that is to put the tag in needs a trusted types policy. Put the tag into the HTML, where it needs none.';
  return [{ code: 'csp-trusted-types', sentence }];
}
