import { earliestPurchaseMs, latestAheadMs, maxNameLength } from '../../wire/fields.ts';
import { parseAmount, parseCurrency } from '../../wire/money.ts';
import { maxSignatureAgeSeconds, parseSignature } from '../../wire/signature.ts';
import { lengthOf } from '../../wire/text.ts';
import { parseTime } from '../../wire/time.ts';
import { check, type Finding, problem } from '../finding.ts';
import { kebab, type Setting, type Settings } from './options.ts';

/** The options that stand in for what `onrampTrack` isn't given. */
export function judgePurchaseOptions(settings: Settings, now: number): Finding[] {
  const { serviceName, customerId, orderId } = settings;
  return [
    ...judgeTrack(settings),
    ...[serviceName, customerId, orderId].flatMap(judgeText),
    ...judgeTime(settings.purchasedAt, now),
    ...judgeMoney(settings),
    ...judgeSignature(settings.sig, now),
  ];
}

function judgeTrack({ track, serviceName, customerId, orderId, purchasedAt }: Settings): Finding[] {
  if (!track.value) return [];
  if (track.value !== 'purchase') {
    return [
      problem(`data-track="${track.value}" tracks nothing`, 'The only value is purchase. Else leave it out.'),
    ];
  }
  const missing = [serviceName, customerId].filter(({ value }) => !value);
  const problems = missing.map(({ name }) =>
    problem(
      `data-track="purchase" has no data-${kebab(name)}, so the purchase is refused`,
      'Let your server write it into the tag of the thank-you page.',
    ),
  );
  if (orderId.value || purchasedAt.value) return problems;
  const advice =
    'Without it, all purchases of one customer and service within 24 hours count as one, and your server’s report counts as another.';
  return [...problems, check('data-track="purchase" has no data-order-id', advice)];
}

function judgeText({ name, value }: Setting): Finding[] {
  const attribute = `data-${kebab(name)}`;
  if (/\{\{|\}\}|<%|%>|\$\{|^(undefined|null|NaN|\[object Object\])$/.test(value)) {
    return [
      problem(
        `${attribute} is "${value}": a template that was not filled in`,
        'Look at what your server or tag manager puts there.',
      ),
    ];
  }
  if (lengthOf(value) <= maxNameLength) return [];
  return [problem(`${attribute} is longer than ${maxNameLength} characters`, 'The marketplace refuses it.')];
}

function judgeTime({ value }: Setting, now: number): Finding[] {
  if (!value) return [];
  const time = parseTime(value);
  const advice = 'Write it as 2017-03-01T10:00:00Z, or in epoch milliseconds.';
  if (time === undefined) return [problem(`data-purchased-at="${value}" is no time`, advice)];
  const isInRange = (ms: number) => ms >= earliestPurchaseMs && ms <= now + latestAheadMs;
  if (isInRange(time)) return [];
  const seconds = isInRange(time * 1000) ? ' It looks like seconds: multiply by 1000.' : '';
  const title = `data-purchased-at="${value}" is before 2000 or more than a day ahead`;
  return [problem(title, advice + seconds)];
}

function judgeMoney({ amount, currency }: Settings): Finding[] {
  const findings: Finding[] = [];
  if (amount.value && parseAmount(amount.value) === undefined) {
    const title = `data-amount="${amount.value}" is no amount, and is left out`;
    findings.push(check(title, 'Write digits with a point, as 49.90: no comma, no sign of a currency.'));
  }
  if (currency.value && parseCurrency(currency.value) === undefined) {
    const title = `data-currency="${currency.value}" is no currency, and is left out`;
    findings.push(check(title, 'Write the code of three letters, as EUR.'));
  }
  return findings;
}

function judgeSignature({ value }: Setting, now: number): Finding[] {
  if (!value) return [];
  const token = parseSignature(value);
  if (!token) {
    const advice = 'Let your server make it with the secret, as kid.ts.mac.';
    return [problem('data-sig is no signature, so the purchase is refused', advice)];
  }
  return now / 1000 - token.timestampSeconds > maxSignatureAgeSeconds
    ? [problem('data-sig is older than 9 days, so the purchase is refused', 'Sign each page anew.')]
    : [];
}
