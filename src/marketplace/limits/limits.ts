import { isIPv4 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import ipaddr from 'ipaddr.js';
import type { Level } from '../../wire/fields.ts';
import type { Clock } from '../../wire/time.ts';
import { HttpProblem } from '../http/errors.ts';
import { createBudget } from './budget.ts';

/** How many a minute, all of which may come at once; 0 for no limit. */
export interface LimitSettings {
  /** Requests of one client address. */
  perAddress: number;
  /** Messages with one partner key, by senders who prove nothing: anyone who has seen the page. */
  perKey: number;
  /** Messages of one provider, by its signature or its secret. */
  perProvider: number;
  /** Orders at one provider; a tenth of them from one client address. */
  orders: number;
}

/**
 * Far beyond what an honest sender needs, and below what the service can do: limits are there to keep it answering.
 * An address may be that of a whole company or a mobile network.
 */
export const defaultLimits: LimitSettings = {
  perAddress: 6_000,
  perKey: 300_000,
  perProvider: 300_000,
  // Each is a call to the provider, and people fill the forms in.
  orders: 600,
};
/** So that it takes more than one address to use up a provider's orders. */
const addressesForAllOrders = 10;
/** Tries to sign in from one address, a minute. Nobody guesses 256 bits; this keeps the audit trail readable. */
const signInsPerMinute = 30;

export type LimitedBy = 'address' | 'key' | 'provider' | 'orders' | 'sign_in';

export interface Limits {
  /** @throws HttpProblem 429 when the address has sent too much */
  admitAddress(address: string): void;
  /**
   * Counts a message of a pool (a provider, or what belongs to none) by what it has proven, so that those who
   * prove nothing can't use up a provider's own budget.
   *
   * @throws HttpProblem 429 when there were too many
   */
  admitMessage(pool: string, trust: Level): void;
  /**
   * Counts a new order at a provider, from an address. Messages have no part in it: neither can a copied partner key
   * keep buyers from ordering, nor can orders keep purchases out.
   *
   * @throws HttpProblem 429 when there were too many
   */
  admitOrder(address: string, partnerKey: string): void;
  /**
   * Counts a try to sign in.
   *
   * @throws HttpProblem 429 when there were too many
   */
  admitSignIn(address: string): void;
}

/** The limits of this process alone. `onLimited` is told of each request that is sent away. */
export function createLimits(
  settings: LimitSettings,
  clock: Clock,
  onLimited: (by: LimitedBy) => void,
): Limits {
  const addresses = createBudget(settings.perAddress, clock);
  const keys = createBudget(settings.perKey, clock);
  const providers = createBudget(settings.perProvider, clock);
  const orders = createBudget(settings.orders, clock);
  const signIns = createBudget(signInsPerMinute, clock);
  const ordersByAddress = createBudget(Math.ceil(settings.orders / addressesForAllOrders), clock);

  function check(by: LimitedBy, waitSeconds: number): void {
    if (waitSeconds === 0) return;
    onLimited(by);
    const detail = `Too many requests ${details[by]}. Nothing was stored; send the same again in ${waitSeconds} s.`;
    throw new HttpProblem(
      { status: 429, code: 'rate_limited', detail },
      { 'retry-after': String(waitSeconds) },
    );
  }

  return {
    admitAddress(address) {
      const group = addressGroup(address);
      if (group !== undefined) check('address', addresses.take(group));
    },
    admitMessage(pool, trust) {
      const isProven = trust === 'signed' || trust === 'server';
      check(isProven ? 'provider' : 'key', (isProven ? providers : keys).take(pool));
    },
    admitOrder(address, partnerKey) {
      const group = addressGroup(address);
      // First, so that what an address has too much of takes nothing from the others.
      if (group !== undefined) check('orders', ordersByAddress.take(group));
      check('orders', orders.take(partnerKey));
    },
    admitSignIn(address) {
      const group = addressGroup(address);
      if (group !== undefined) check('sign_in', signIns.take(group));
    },
  };
}

export function isRateLimited(error: unknown): boolean {
  return error instanceof HttpProblem && error.problem.status === 429;
}

const details: Record<LimitedBy, string> = {
  address: 'from this address',
  key: 'with this partner key and without its secret or a signature',
  provider: 'of this provider',
  orders: 'for orders',
  sign_in: 'to sign in',
};

/**
 * Sends addresses away that ask too much. Before the body is read, but after the hooks that set headers: pages of
 * other origins may see a 429 like any answer.
 */
export function limitAddresses(app: FastifyInstance, limits: Limits): void {
  app.addHook('preParsing', async ({ ip }) => limits.admitAddress(ip));
}

/** Says once that a proxy seems to stand before the service, whose clients then are not told apart. */
export function warnOfUntrustedProxy(app: FastifyInstance): void {
  let hasWarned = false;
  app.addHook('onRequest', async ({ headers, log }) => {
    if (hasWarned || headers['x-forwarded-for'] === undefined) return;
    hasWarned = true;
    log.warn('X-Forwarded-For is not read. Behind a proxy of your own, set --trusted-proxies');
  });
}

/** Groups of 16 bits in the first 64: what one household or server gets (RFC 6177), and can choose freely within. */
const networkParts = 4;

/**
 * What addresses share a budget: an IPv4 address by itself, an IPv6 address with its /64. What proxies wrote and is no
 * address shares one with all the like. Undefined for loopback: a proxy on this machine whose hop isn't trusted
 * speaks for everybody, and one budget for all buyers would lose purchases.
 */
export function addressGroup(address: string): string | undefined {
  // Some gateways write a port behind the address: 203.0.113.7:4711, [2001:db8::1]:4711.
  const bare = address.replace(/^\[(.*)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3');
  // The usual case, told apart in a tenth of the time.
  if (isIPv4(bare)) return bare.startsWith('127.') ? undefined : bare;
  if (!ipaddr.isValid(bare)) return 'unknown';
  const parsed = ipaddr.process(bare);
  if (parsed.range() === 'loopback') return undefined;
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${parsed.parts
    .slice(0, networkParts)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
