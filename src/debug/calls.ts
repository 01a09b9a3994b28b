import type { TrackedCall } from '../pixel/types.ts';
import { check, durationOf, type Finding, nearest, problem, shorten } from '../settings/finding.ts';
import {
  judgeBareAmount,
  judgeValue,
  leftover,
  missingInTrack,
  noOrder,
  type Value,
  type ValueName,
  valueNames,
} from '../settings/purchase.ts';
import { looksSecret, type Settings, written } from '../settings/settings.ts';
import { dayMs } from '../wire/fields.ts';
import { isTemplateLeftover } from '../wire/text.ts';
import { attempt } from './page.ts';

/** A call that tracks, as far as it is known by now. */
export interface Call {
  /** When the panel saw it first; undefined where that was when it loaded. */
  at: number | undefined;
  noun: 'purchase' | 'signup';
  /** What it was given, shortened. */
  given: string;
  /** Empty until there is a receipt. */
  status: string;
  reason: string;
  /** What is wrong with what it was given, and what its receipt means. */
  findings: Finding[];
}

export interface Calls {
  /** Looks after new ones, which are read by the settings of that moment, as the pixel reads them. */
  look(tracked: readonly TrackedCall[], settings: Settings | undefined): void;
  /** The last ones, newest first. */
  list(): Call[];
  /** Whether the last receipt shows that consent had been given. */
  isAllowed(): boolean;
}

/** What each status means to the page. */
const meanings: Record<string, string> = {
  '': 'no answer yet',
  sent: 'safe: the page may be left',
  duplicate: `this browser tracked it within the last ${durationOf(dayMs)}`,
  held: 'not sent yet',
  invalid: 'something required is missing or wrong',
};

export function meaningOf({ status }: Pick<Call, 'status'>): string {
  return meanings[status] ?? '';
}

const maxCalls = 20;

/**
 * Follows the pixel's own list of calls and their receipts; `changed` is called when there is a new call, before anything
 * can have come of it, and when there is a new receipt.
 */
export function watchCalls(changed: () => void): Calls {
  const seen = new Map<TrackedCall, Call>();
  let heard: readonly TrackedCall[] | undefined;
  let hasLooked = false;

  /** A purchase may be refused, which leaves nothing in the outbox, sooner than the panel looks again by itself. */
  function hear(tracked: readonly TrackedCall[]): void {
    if (tracked === heard) return;
    heard = tracked;
    const push = (...added: TrackedCall[]): number => {
      const length = Array.prototype.push.apply(tracked, added);
      attempt(changed);
      return length;
    };
    attempt(() => Object.defineProperty(tracked, 'push', { value: push, configurable: true }));
  }

  function add(tracked: TrackedCall, settings: Settings | undefined): void {
    const [argument, receipt] = tracked;
    const { noun, findings } = judgeCall(argument, settings, Date.now());
    const given = describeArgument(argument);
    const call: Call = {
      at: hasLooked ? Date.now() : undefined,
      noun,
      given,
      status: '',
      reason: '',
      findings,
    };
    seen.set(tracked, call);
    const settle = (answer: unknown) => {
      const { status, reason } = (answer ?? {}) as Record<string, unknown>;
      call.status = typeof status === 'string' ? status : 'no receipt';
      call.reason = typeof reason === 'string' ? reason : '';
      call.findings.push(...judgeReceipt(call, argument, settings));
      changed();
    };
    const settleQuietly = (answer: unknown) => attempt(() => settle(answer));
    Promise.resolve(receipt).then(settleQuietly, settleQuietly);
  }

  /** Held ones are tracked anew when they may be sent: only their last turn counts. */
  function settled(): Call[] {
    const entries = [...seen];
    return entries.flatMap(([[argument], call], index) => {
      const isReleased = entries.slice(index + 1).some(([[other]]) => other === argument);
      return call.status === 'held' && isReleased ? [] : [call];
    });
  }

  return {
    look(tracked, settings) {
      hear(tracked);
      for (const call of tracked.slice(-maxCalls)) if (!seen.has(call)) attempt(() => add(call, settings));
      hasLooked = true;
    },
    list: () =>
      settled()
        .slice(-maxCalls)
        .reverse()
        .map((call) => ({ ...call })),
    isAllowed() {
      const last = settled().findLast(({ status, reason }) => status && reason !== 'no command');
      return last !== undefined && last.status !== 'held';
    },
  };
}

/** What the pixel reads of a field that a call names. */
interface Given extends Value {
  /** What it is instead, where it is something of which the pixel makes no text. */
  unusable: string | undefined;
}

/** What is wrong with what a call was given. */
export function judgeCall(argument: unknown, settings: Settings | undefined, now: number) {
  const given = (name: ValueName) => givenIn(argument, name, settings);
  const noun: Call['noun'] = given('event').text === 'signup' ? 'signup' : 'purchase';
  const findings: Finding[] = [];
  if (typeof argument === 'string') return { noun, findings };
  const settingOf = (name: ValueName) => (name === 'event' ? '' : (settings?.[name].value ?? ''));
  for (const name of valueNames) {
    const value = given(name);
    findings.push(...judgeValue(value, now));
    if (value.unusable) findings.push(check(...unusableTitle(value, settings)));
  }
  for (const name of Object.keys(Object(argument))) {
    const meant = valueNames.some((known) => known === name) ? undefined : nearest(name, valueNames);
    if (meant)
      findings.push(check(`${name} in a call is ignored. Did you mean ${meant}?`, 'Correct it there.'));
  }
  // What a getter of the page's gives is not known here.
  if (valueNames.some((name) => propertyOf(argument, name)?.get)) return { noun, findings };
  const [amount, currency] = [given('amount'), given('currency')];
  if (amount.text) findings.push(...judgeBareAmount(amount, currency.text || settingOf('currency')));
  const hasOwnTime = (['orderId', 'purchasedAt'] as const).some(
    (name) => given(name).text || settingOf(name),
  );
  if (noun === 'purchase' && !hasOwnTime) {
    const isTag = settings && isOfTag(argument, settings);
    findings.push(
      isTag ? noOrder(written(settings.track), settings.orderId.label) : noOrder('A purchase', 'orderId'),
    );
  }
  return { noun, findings };
}

function unusableTitle({ label, unusable, name }: Given, settings: Settings | undefined): [string, string] {
  const setting = name === 'event' ? undefined : settings?.[name];
  const instead = setting?.value ? ` ${setting.label} is taken in its place.` : '';
  return [`${label} is ${unusable}, which counts as missing`, `Give it as text or number.${instead}`];
}

/** The call that the pixel makes by itself where the settings say so. */
function isOfTag(argument: unknown, { track }: Settings): boolean {
  const names = Object.keys(Object(argument));
  return names.join() === 'event' && textOf(propertyOf(argument, 'event')?.value) === track.value;
}

function givenIn(argument: unknown, name: ValueName, settings: Settings | undefined): Given {
  const value: unknown = propertyOf(argument, name)?.value;
  const text = textOf(value);
  if (name === 'event' && settings && isOfTag(argument, settings)) {
    const { track } = settings;
    return { name, text, label: track.label, written: written(track), unusable: undefined };
  }
  return {
    name,
    text,
    label: `${name} in a call`,
    written: `${name}: "${shorten(text)}" in a call`,
    unusable:
      text || value === undefined || value === null || value === '' ? undefined : describeValue(value),
  };
}

/** What a receipt says that someone has to look at. */
export function judgeReceipt(
  { status, reason, noun }: Pick<Call, 'status' | 'reason' | 'noun'>,
  argument: unknown,
  settings: Settings | undefined,
): Finding[] {
  if (status === 'invalid') return [explainInvalid(reason, noun, argument, settings)];
  if (status !== 'held') return [];
  return [
    settings?.consent.value === 'required'
      ? check(
          `A ${noun} was held, and waits for consent`,
          "It is sent from this page alone, once the page calls onrampTrack('consent', true).",
        )
      : check(
          `A ${noun} was held: it has not left this page`,
          'Consent was withdrawn, the page was not shown yet, or neither beacon, image nor storage took it. This page alone goes on trying.',
        ),
  ];
}

/** Which value the reason of an invalid call means, where it stands and what it reads. */
function explainInvalid(
  reason: string,
  noun: string,
  argument: unknown,
  settings: Settings | undefined,
): Finding {
  if (reason === 'no command') {
    const advice =
      "Give what was bought as an object: onrampTrack({ customerId: '42' }). The only commands are 'consent' and 'referral'.";
    return problem(`onrampTrack("${shorten(String(argument))}") is no command: nothing was sent`, advice);
  }
  const name = valueNames.find((candidate) => reason === `no ${candidate}`);
  if (!name) {
    const advice = 'The page may have replaced a function of the browser by a broken one.';
    return problem(`A ${noun} could not be sent: ${reason || 'no reason given'}`, advice);
  }
  const { title, advice } = findCause(name, argument, settings);
  const sent = `That ${noun} was invalid (${reason}): it was sent once all the same, so that you find it among your rejections.`;
  return problem(title, `${advice} ${sent}`);
}

function findCause(name: ValueName, argument: unknown, settings: Settings | undefined): Finding {
  const given = givenIn(argument, name, settings);
  const setting = name === 'event' ? undefined : settings?.[name];
  if (given.text) return leftover(given);
  if (setting?.value && isTemplateLeftover(setting.value)) {
    return leftover({ name, text: setting.value, label: setting.label });
  }
  if (given.unusable) return problem(...unusableTitle(given, settings));
  if (setting && settings && isOfTag(argument, settings)) return missingInTrack(setting.name, settings);
  const other = setting?.label === name ? 'what startOnramp was given' : setting?.label;
  return problem(
    other ? `Neither the call nor ${other} has a ${name}` : `The call has no ${name}`,
    'Give it in the call or, where it is always the same, in the settings.',
  );
}

/** As the pixel makes text of a value; a getter of the page's is not called once more than without the panel. */
function textOf(value: unknown): string {
  if (typeof value === 'object') return textOf(attempt(() => Date.prototype.getTime.call(value)));
  return value || value === 0 ? String(value).trim() : '';
}

function propertyOf(argument: unknown, name: string): PropertyDescriptor | undefined {
  for (let owner = Object(argument); owner; owner = Object.getPrototypeOf(owner)) {
    const property = Object.getOwnPropertyDescriptor(owner, name);
    if (property) return property;
  }
  return undefined;
}

export function describeArgument(argument: unknown): string {
  if (argument === undefined || argument === null) return 'what the settings say';
  if (typeof argument !== 'object') return shorten(`${typeof argument}: ${String(argument)}`);
  const fields = Object.entries(Object.getOwnPropertyDescriptors(argument)).map(
    ([name, { value }]) => `${name}: ${name === 'sig' ? '(hidden)' : describeValue(value)}`,
  );
  return fields.join(', ') || 'an empty object: what the settings say';
}

function describeValue(value: unknown): string {
  const time = attempt(() => Date.prototype.getTime.call(value));
  if (time !== undefined) return attempt(() => new Date(time).toISOString()) ?? 'an invalid Date';
  if (typeof value === 'string') {
    if (looksSecret(value)) return '(hidden)';
    return value.trim() ? shorten(value) : 'blank';
  }
  if (value === undefined) return '(not read)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return shorten(typeof value === 'function' ? 'a function' : String(value));
}
