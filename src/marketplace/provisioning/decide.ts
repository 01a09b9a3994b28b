import type { Moment } from '../ledger/knownTime.ts';
import type { BuyerFailure, OrderChange } from '../store/orderAttempts.ts';
import type { EndpointFault, Order } from '../store/orders.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
/** How long attempts go on by themselves, and how long a missing password is waited for: 3 days. */
export const maxWaitMs = 72 * hourMs;
/** The first attempt and 3 retries follow each other quickly. */
const quickAttempts = 4;
/** Refusals of the order itself, whatever came before; others may be of this call alone. */
const refusalsOfOrders = [400, 422];
/** Also "the first call with this key is still under way", of the Idempotency-Key draft. */
const conflict = 409;
const longestQuickDelayMs = 8 * secondMs;

export interface Situation extends Moment {
  /** The attempts before this one among them. */
  order: Pick<Order, 'createdAt' | 'attempts' | 'hasPassword'>;
  /** Of the attempt that ended. */
  number: number;
  /** Whether the provider makes one account of an order that it gets twice. */
  idempotent: boolean;
  /** Whether this process has the order's password, if it has one. */
  holdsPassword: boolean;
  /** From 0 to 1. */
  random: () => number;
}

/** What becomes of an order after an attempt. It is given up by the known time: a clock that is ahead ends none. */
export function decideNext(result: CallResult, situation: Situation): OrderChange {
  const { order, idempotent, holdsPassword, now } = situation;
  if (result.kind === 'created') return { status: 'succeeded', coid: result.coid };
  if (result.kind === 'refused') return afterRefusal(result, situation);
  if (result.kind === 'misconfigured') return waitForMending(result.fault, situation);
  if (result.kind === 'unusable') return { status: 'undecided' };
  if (result.kind === 'unclear' && !idempotent) return { status: 'undecided' };
  if (leftMs(situation) <= 0) {
    return result.kind === 'unclear' ? { status: 'undecided' } : waitForMending(result.fault, situation);
  }
  if (order.hasPassword && !holdsPassword) return askForPassword(now);
  return retryLater(result, situation);
}

/**
 * Nothing the buyer has done, so it doesn't end the order: a person has it sent again once that is mended. The password
 * is held for that no longer than for attempts.
 */
function waitForMending(fault: EndpointFault, situation: Situation): OrderChange {
  const { order, holdsPassword } = situation;
  if (mayHaveArrived(order)) return { status: 'undecided', fault };
  const isHeld = order.hasPassword && holdsPassword && leftMs(situation) > 0;
  return { status: 'needs_attention', fault, ...(isHeld && { nextAt: order.createdAt + maxWaitMs }) };
}

/** How long attempts still go on, and the password is held. */
function leftMs({ order, knownNow }: Pick<Situation, 'order' | 'knownNow'>): number {
  return order.createdAt + maxWaitMs - knownNow;
}

/** There is no account, unless an attempt before may have arrived: then a provider that is still at it says nothing. */
function afterRefusal(
  { status, failure }: Extract<CallResult, { kind: 'refused' }>,
  situation: Situation,
): OrderChange {
  const { order, number, idempotent } = situation;
  if (!mayHaveArrived(order) || refusalsOfOrders.includes(status)) return { status: 'failed', failure };
  const isStillAtIt = status === conflict && idempotent && number < quickAttempts;
  return isStillAtIt ? retryLater({}, situation) : { status: 'undecided' };
}

function mayHaveArrived({ attempts }: Pick<Order, 'attempts'>): boolean {
  return attempts.some(({ outcome }) => outcome === 'unclear' || outcome === 'unusable');
}

/** The buyer has to enter it anew; the order is given up when that doesn't happen. */
export function askForPassword(now: number): OrderChange {
  return { status: 'needs_password', nextAt: now + maxWaitMs };
}

/** Where the buyer has let the time pass: if nothing was ever sent, there is no account; otherwise nobody knows. */
export function giveUp(order: Pick<Order, 'attempts'>): OrderChange {
  return { status: mayHaveArrived(order) ? 'undecided' : 'failed' };
}

interface Obstacle {
  /** How long the provider wants to be left alone. */
  retryAfterMs?: number | undefined;
  fault?: EndpointFault;
}

/** Of an order that goes on; what keeps it is told where it isn't over within a minute. */
function retryLater(obstacle: Obstacle, situation: Situation): OrderChange {
  const { number, now, random } = situation;
  const { retryAfterMs = 0, fault } = obstacle;
  const isQuick = number < quickAttempts;
  const delayMs = isQuick ? quickDelayMs(number, random) : longDelayMs(number, random);
  // The jitter stays on top, lest all who were told the same time come at it.
  const asked = retryAfterMs > 0 ? retryAfterMs + random() * secondMs : 0;
  const wait = Math.max(delayMs, asked);
  const nextAt = Math.ceil(now + Math.min(wait, leftMs(situation)));
  return isQuick && retryAfterMs <= minuteMs
    ? { status: 'under_way', nextAt }
    : { status: 'waiting', nextAt, fault };
}

/** Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
function quickDelayMs(number: number, random: () => number): number {
  return random() * Math.min(longestQuickDelayMs, secondMs * 2 ** (number - 1));
}

/** From 1 minute to 1 hour, each up to a half shorter. */
function longDelayMs(number: number, random: () => number): number {
  return Math.min(hourMs, minuteMs * 2 ** (number - quickAttempts)) * (1 - random() / 2);
}

/** What came of calling the provider; the kinds are those of AttemptOutcome. */
export type CallResult =
  | { kind: 'created'; status: number; coid: string }
  | { kind: 'refused'; status: number; failure: BuyerFailure }
  | { kind: 'misconfigured'; status?: number; fault: EndpointFault; reason: string }
  | { kind: 'unreachable'; fault: EndpointFault; reason: string }
  | {
      kind: 'unclear';
      status?: number;
      reason: string;
      /** How long the provider wants to be left alone, in milliseconds. */
      retryAfterMs?: number | undefined;
    }
  | { kind: 'unusable'; status: number; reason: string };
