import { randomUUID } from 'node:crypto';
import type { PasswordClaim } from '../store/orderAttempts.ts';
import type { Order, OrderStore } from '../store/orders.ts';
import type { Password } from './password.ts';

/** How long a process is believed to have a password after it last said so, in milliseconds. */
const claimMs = 30_000;
/** How often it says so: twice in vain, and it is still believed. */
const renewEveryMs = 10_000;

/**
 * The passwords of orders that go on in this process, by order id. They are kept nowhere else, so the store knows who
 * has which: each process claims its own anew, again and again, and a buyer is asked only once a claim has run out.
 */
export interface PasswordVault {
  /** Names this process in the store. */
  readonly holder: string;
  get(orderId: string): Password | undefined;
  /** To be called before the store is told, lest the order is looked at in between and its password is missing. */
  set(orderId: string, password: Password, now: number): void;
  delete(orderId: string): void;
  /** What the store is to be told of an order whose password is here. */
  claim(now: number): PasswordClaim;
  /**
   * To be called at each look for orders, once it has reached the store. Claims all of them anew where it is time to,
   * and drops those that nobody needs any more, since a person has settled their order.
   */
  renewClaims(now: number): Promise<void>;
  /**
   * Whose claim ended before then has lost the password. Nobody has for a while after this process itself couldn't
   * look or write: what kept it from that, a database that was away or a machine that slept, kept the others from
   * renewing their claims as well.
   */
  lostBefore(now: number): number;
  /** To be called where something couldn't be written. */
  doubtOthers(now: number): void;
  /** Whether no process has the order's password any more. */
  isLost(order: Pick<Order, 'id' | 'hasPassword' | 'heldUntil'>, now: number): boolean;
  /** Lets go of all claims, so that buyers needn't wait for them to run out. */
  release(now: number): Promise<void>;
}

export function createPasswordVault(store: Pick<OrderStore, 'renewPasswordClaims'>): PasswordVault {
  const holder = randomUUID();
  const passwords = new Map<string, { password: Password; setAt: number }>();
  let lookedAt: number | undefined;
  let renewedAt = 0;
  let trustedSince = 0;

  async function renew(now: number): Promise<void> {
    if (passwords.size === 0) return;
    const { ids, isOfAll } = await store.renewPasswordClaims({ by: holder, until: now + claimMs });
    if (!isOfAll) return;
    const goingOn = new Set(ids);
    for (const [id, { setAt }] of passwords) {
      // The store may not know yet of what was put in just now.
      if (!goingOn.has(id) && Math.abs(now - setAt) > claimMs) passwords.delete(id);
    }
  }

  function lostBefore(now: number): number {
    return now - trustedSince > claimMs ? now : 0;
  }

  return {
    holder,
    get: (orderId) => passwords.get(orderId)?.password,
    set: (orderId, password, now) => void passwords.set(orderId, { password, setAt: now }),
    delete: (orderId) => void passwords.delete(orderId),
    claim: (now) => ({ by: holder, until: now + claimMs }),
    async renewClaims(now) {
      if (Math.abs(now - renewedAt) >= renewEveryMs) {
        await renew(now);
        renewedAt = now;
      }
      if (lookedAt !== undefined && Math.abs(now - lookedAt) >= renewEveryMs) trustedSince = now;
      lookedAt = now;
    },
    lostBefore,
    doubtOthers: (now) => {
      trustedSince = now;
    },
    isLost: ({ id, hasPassword, heldUntil }, now) =>
      hasPassword && !passwords.has(id) && (heldUntil === undefined || heldUntil < lostBefore(now)),
    async release(now) {
      if (passwords.size > 0) await store.renewPasswordClaims({ by: holder, until: now });
      passwords.clear();
    },
  };
}
