import { attempt } from '../attempt.ts';
import { check, type Finding, note, problem } from '../finding.ts';
import type { Tag } from '../settings/tag.ts';

/** What the page around the tag is like. */
export interface Surroundings {
  /** The partner key of the pixel that runs; undefined where none does. */
  runningKey: string | undefined;
  /** Whether `onrampTrack` can be called at all, be it the stub. */
  canBeCalled: boolean;
  /** The stub as it stands in the page's inline scripts. */
  stub: 'current' | 'older' | 'not seen';
  privacyControl: boolean;
}

export function readSurroundings(): Surroundings {
  const installed: unknown = attempt(() => Reflect.get(window, 'onrampTrack'));
  const key: unknown =
    typeof installed === 'function' ? attempt(() => Reflect.get(installed, 'k')) : undefined;
  const inline = [...document.scripts].map(({ textContent }) => textContent ?? '');
  const stub = inline.find((text) => /onrampTrack\.q\s*=\s*onrampTrack\.q\s*\|\|/.test(text));
  return {
    runningKey: typeof key === 'string' ? key : undefined,
    canBeCalled: typeof installed === 'function',
    stub: stub === undefined ? 'not seen' : stub.includes('Promise') ? 'current' : 'older',
    privacyControl: Reflect.get(navigator, 'globalPrivacyControl') === true,
  };
}

export function judgeSurroundings(
  around: Surroundings,
  tags: readonly Tag[],
  consentSeen: boolean,
): Finding[] {
  const [tag, ...others] = tags;
  return [
    ...judgeTags(around, tag, others),
    ...judgeStub(around, tag),
    ...(tag?.settings.consent.value === 'required' && !consentSeen ? [consentMissing()] : []),
    ...(around.privacyControl ? [privacyControlled()] : []),
  ];
}

function judgeTags(
  { runningKey, canBeCalled }: Surroundings,
  tag: Tag | undefined,
  others: Tag[],
): Finding[] {
  if (!tag) {
    if (runningKey === undefined)
      return [problem('There is no tag in this page', 'Paste the one that the marketplace gave you.')];
    const advice =
      'A tag manager may have taken it out after it ran, or the pixel is bundled. It runs all the same.';
    return [note('The tag is no longer in the page, so its settings cannot be read', advice)];
  }
  const findings: Finding[] = [];
  if (runningKey === undefined && tag.settings.partnerKey.value) {
    const called = canBeCalled ? 'Calls are kept by the stub and lost with the page. ' : '';
    const advice = `${called}Look in the browser's console and network tools: a blocker, script-src in a Content Security Policy, a wrong integrity hash or a consent tool may hold it.`;
    findings.push(problem('The tag is there, but its script does not run', advice));
  }
  if (others.length > 0) {
    const keys = new Set([tag, ...others].map(({ settings }) => settings.partnerKey.value));
    const advice = 'The first one runs, and only its settings count. Take the others out.';
    const title = `The tag stands ${others.length + 1} times in this page`;
    findings.push(check(keys.size > 1 ? `${title}, with different partner keys` : title, advice));
  }
  return findings;
}

function judgeStub({ stub }: Surroundings, tag: Tag | undefined): Finding[] {
  if (stub === 'older') {
    const advice =
      'Calls are kept, but a call before the script has loaded gets no receipt. Paste the newer stub.';
    return [note('The stub before the tag is an older one', advice)];
  }
  if (stub === 'current' || !tag || tag.settings.track.value === 'purchase') return [];
  const advice =
    'Pages that call onrampTrack need it: without it, a call before the script has loaded is an error. A stub in a bundle cannot be seen from here; nor can calls that failed before.';
  return [note('No stub is seen in this page', advice)];
}

function consentMissing(): Finding {
  const advice =
    "Nothing is stored or sent until the page calls onrampTrack('consent', true), on each page. A call from before this panel loaded cannot be seen.";
  return check('The tag waits for consent, and none has been seen', advice);
}

function privacyControlled(): Finding {
  const advice = 'No referral is captured or sent until consent is given; purchases go out without it.';
  return note('This browser asks not to be tracked (Global Privacy Control)', advice);
}
