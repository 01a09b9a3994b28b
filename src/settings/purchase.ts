import type { Purchase } from '../pixel/types.ts';
import { earliestPurchaseMs, latestAheadMs, maxNameLength, sameCustomerWindowMs } from '../wire/fields.ts';
import { parseAmount, parseCurrency } from '../wire/money.ts';
import { maxSignatureAgeSeconds, parseSignature } from '../wire/signature.ts';
import { isTemplateLeftover, lengthOf } from '../wire/text.ts';
import { parseTime } from '../wire/time.ts';
import { check, durationOf, type Finding, problem, shorten } from './finding.ts';
import { type SettingName, type Settings, written } from './settings.ts';

/** What a call can say of a purchase or a signup; all but the event may stand in the settings as well. */
export type ValueName = keyof Purchase;
export const valueNames = Object.keys({
  event: true,
  customerId: true,
  serviceName: true,
  purchasedAt: true,
  orderId: true,
  amount: true,
  currency: true,
  sig: true,
} satisfies Record<ValueName, true>) as ValueName[];

/** A value that someone has written, and how they know it. */
export interface Value {
  name: ValueName;
  /** As the pixel reads it; empty for none. */
  text: string;
  /** `data-amount`, `amount in a call`. */
  label: string;
  /** `data-amount="49.90"`, `amount: "49.90" in a call`. */
  written: string;
}

export function valueOfSetting(name: Exclude<ValueName, 'event'>, settings: Settings): Value {
  const setting = settings[name];
  return { name, text: setting.value, label: setting.label, written: written(setting) };
}

/** What the marketplace's service would refuse or leave out, by the service's own rules. */
export function judgeValue(value: Value, now: number): Finding[] {
  if (!value.text) return [];
  if (isTemplateLeftover(value.text)) return [leftover(value)];
  return judges[value.name](value, now);
}

/** Where these are wrong, everything else still counts. */
const dispensable: readonly (SettingName | ValueName)[] = [
  'amount',
  'currency',
  'attribution',
  'windowDays',
  'cookieDomain',
];

export function leftover({ name, text, label }: { name: string; text: string; label: string }): Finding {
  const say = dispensable.some((other) => other === name) ? check : problem;
  return say(
    `${label} is "${shorten(text)}": a template that was not filled in`,
    'Look at what your server or tag manager puts there.',
  );
}

const judges: Record<ValueName, (value: Value, now: number) => Finding[]> = {
  event: judgeEvent,
  customerId: judgeLength,
  serviceName: judgeLength,
  orderId: judgeLength,
  purchasedAt: judgeTime,
  amount: judgeAmount,
  currency: judgeCurrency,
  sig: judgeSignature,
};

function judgeEvent({ text, written: said }: Pick<Value, 'text' | 'written'>): Finding[] {
  if (text === 'purchase' || text === 'signup') return [];
  const advice = 'Write purchase, or signup where an account was created and nothing paid yet.';
  return [problem(`${said} records no purchase: the marketplace takes purchase or signup`, advice)];
}

function judgeLength({ text, label }: Value): Finding[] {
  if (lengthOf(text) <= maxNameLength) return [];
  return [problem(`${label} is longer than ${maxNameLength} characters`, 'The marketplace refuses it.')];
}

function judgeTime({ text, written: said }: Value, now: number): Finding[] {
  const time = parseTime(text);
  const advice = 'The marketplace refuses it. Write it as 2017-03-01T10:00:00Z, or in epoch milliseconds.';
  if (time === undefined) return [problem(`${said} is no time`, advice)];
  const isInRange = (ms: number) => ms >= earliestPurchaseMs && ms <= now + latestAheadMs;
  if (isInRange(time)) return [];
  const seconds = isInRange(time * 1000) ? ' It looks like seconds: multiply by 1000.' : '';
  return [problem(`${said} is before 2000 or more than a day ahead`, advice + seconds)];
}

function judgeAmount({ text, written: said }: Value): Finding[] {
  if (parseAmount(text) !== undefined) return [];
  if (/^[-−–]\s*\d/.test(text)) {
    const advice = 'A page reports what was bought, never what was given back: your server reports refunds.';
    return [check(`${said} is negative, and is left out`, advice)];
  }
  const advice = /^\d+\.\d{10,}$/.test(text)
    ? 'Round it: the marketplace takes 9 digits after the point.'
    : 'Write digits with a point, as 49.90: no comma, no sign of a currency, nothing between thousands.';
  return [check(`${said} is no amount, and is left out`, advice)];
}

function judgeCurrency({ text, written: said }: Value): Finding[] {
  if (parseCurrency(text) !== undefined) return [];
  const advice =
    'Write the code of three letters, as EUR. Without it the amount is shown bare, and never summed.';
  return [check(`${said} is no currency, and is left out`, advice)];
}

function judgeSignature({ text, label }: Value, now: number): Finding[] {
  const token = parseSignature(text);
  if (!token) {
    const advice = 'Let your server make it with the secret, as kid.ts.mac.';
    return [problem(`${label} is no signature, so the purchase is refused`, advice)];
  }
  return now / 1000 - token.timestampSeconds > maxSignatureAgeSeconds
    ? [
        problem(
          `${label} is older than ${durationOf(maxSignatureAgeSeconds * 1000)}, so the purchase is refused`,
          'Sign each page anew.',
        ),
      ]
    : [];
}

/** An amount that counts, beside which no currency stands; one that is wrong is told by itself. */
export function judgeBareAmount(amount: Value, currency: string): Finding[] {
  if (currency || parseAmount(amount.text) === undefined) return [];
  const advice =
    'An amount without currency is shown as such, and never summed. Write the currency beside it, as EUR.';
  return [check(`${amount.written} has no currency`, advice)];
}

/** The setting by which a page tracks without any script of its own. */
export function judgeTrack(settings: Settings): Finding[] {
  const { track, serviceName, customerId, orderId, purchasedAt } = settings;
  if (!track.value || isTemplateLeftover(track.value)) return [];
  const wrongEvent = judgeEvent({ text: track.value, written: written(track) });
  if (wrongEvent.length > 0) return wrongEvent;
  const missing = [serviceName, customerId].filter(({ value }) => !value);
  return [
    ...missing.map(({ name }) => missingInTrack(name, settings)),
    ...(track.value === 'signup' || orderId.value || purchasedAt.value
      ? []
      : [noOrder(written(track), orderId.label)]),
  ];
}

export function missingInTrack(name: SettingName, settings: Settings): Finding {
  const { track } = settings;
  return problem(
    `${written(track)} has no ${settings[name].label}, so the ${track.value} is refused`,
    'Let your server write it into the thank-you page.',
  );
}

export function noOrder(whose: string, label: string): Finding {
  const advice = `Without it, all purchases of one customer and service within ${durationOf(sameCustomerWindowMs)} count as one, and your server’s report counts as another.`;
  return check(`${whose} has no ${label}`, advice);
}
