import { check, type Finding, note, problem } from '../settings/finding.ts';
import type { Source } from '../settings/settings.ts';
import type { Surroundings } from './page.ts';

/** What the page around the pixel says: how often and by what it was started, its stub, its consent. */
export function judgeSurroundings(
  around: Surroundings,
  sources: readonly Source[],
  isAllowed: boolean,
): Finding[] {
  const [source, ...others] = sources;
  return [
    ...(source?.by === 'module' ? judgeModule(around, source) : judgeTags(around, source, others)),
    ...(source?.settings.consent.value === 'required' && !isAllowed ? [consentMissing] : []),
    ...(around.privacyControl ? [privacyControlled] : []),
  ];
}

function judgeModule({ isTagToo, isTrackAttribute }: Surroundings, { settings }: Source): Finding[] {
  const { track } = settings;
  const findings = [
    note(
      'The pixel was started by a module, startOnramp, and not by a tag',
      'Its settings are the options that startOnramp was given; attributes of script elements do not count.',
    ),
  ];
  if (track.value) {
    const advice =
      'Where the page draws itself anew and starts it again, the purchase is tracked again: with an order id it still counts once. Else leave it out, and call what startOnramp returns when the purchase is made.';
    findings.push(note(`track: "${track.value}" tracks each time startOnramp is called`, advice));
  } else if (isTrackAttribute) {
    const advice =
      'Give startOnramp track: "purchase" where the purchase is complete, or call what it returns.';
    findings.push(
      problem(
        'A script has data-track, but the pixel was started by a module, which does not read it',
        advice,
      ),
    );
  }
  if (isTagToo) {
    const advice =
      'Both report. Each purchase still counts once, but take one of them out: their settings may differ.';
    findings.push(check('The pixel runs twice in this page, by a module and by a tag', advice));
  }
  return findings;
}

function judgeTags({ pixel, stub }: Surroundings, tag: Source | undefined, others: Source[]): Finding[] {
  if (pixel === 'covered') {
    const advice =
      'The page has put its own there, around the pixel or in its place. Calls may get through, but the panel cannot see them.';
    return [check('window.onrampTrack is not the pixel’s own function', advice)];
  }
  if (!tag) {
    if (pixel !== 'runs')
      return [problem('There is no tag in this page', 'Paste the one that the marketplace gave you.')];
    const advice = 'A tag manager may have taken it out after it ran. The pixel runs all the same.';
    return [note('The tag is no longer in the page, so its settings cannot be read', advice)];
  }
  const findings = judgeStub(stub, tag);
  if (pixel !== 'runs' && tag.settings.partnerKey.value) {
    const called = pixel === 'stub' ? 'Calls are kept by the stub and lost with the page. ' : '';
    const advice = `${called}Look in the browser's console and network tools: a blocker, script-src in a Content Security Policy, a wrong integrity hash or a consent tool may hold it.`;
    findings.push(problem('The tag is there, but its script does not run', advice));
  }
  if (others.length > 0) {
    const title = `The tag stands ${others.length + 1} times in this page`;
    const key = tag.settings.partnerKey.value;
    findings.push(
      others.every(({ settings }) => settings.partnerKey.value === key)
        ? note(title, 'The settings of the one that ran last count: the panel shows the last in the page.')
        : check(`${title}, with different partner keys`, 'Only the first one runs. Take the others out.'),
    );
  }
  return findings;
}

function judgeStub(stub: Surroundings['stub'], { settings }: Source): Finding[] {
  if (stub === 'older') {
    const advice =
      'Calls are kept, but a call before the script has loaded gets no receipt. Paste the newer stub.';
    return [note('The stub before the tag is an older one', advice)];
  }
  if (stub === 'current' || settings.track.value) return [];
  const advice =
    'Pages that call onrampTrack need it: without it, a call before the script has loaded is an error. A stub in a bundle cannot be seen from here; nor can calls that failed before.';
  return [note('No stub is seen in this page', advice)];
}

const consentMissing = check(
  'The pixel waits for consent, and none has been seen',
  "Nothing is stored or sent until the page calls onrampTrack('consent', true), on each page. The panel sees that it did when a purchase is tracked.",
);

const privacyControlled = note(
  'This browser asks not to be tracked (Global Privacy Control)',
  'No referral is captured or sent until consent is given; purchases go out without it.',
);
