import { dayMs } from '../../wire/fields.ts';
import type { Stored } from './stored.ts';

/** A purchase of this browser, as far as it can still be seen. */
export interface Entry {
  /** Its storage key, without the name that all of them start with. */
  key: string;
  since: number;
  /**
   * waiting: for the marketplace's proof. proven: the marketplace has it. gone: the pixel has ended it while the
   * panel was open, since the marketplace refused it, it was too old, or consent was withdrawn.
   */
  state: 'waiting' | 'proven' | 'gone';
  /** The message; undefined for one that was proven before the panel saw it, of which only a mark is left. */
  message: string | undefined;
}

/** Of what waits longer, the pixel gives up. */
const longestWaitMs = 7 * dayMs;
/** What the pixel keeps at most. */
export const maxWaiting = 20;

/**
 * Follows the outbox, and remembers the messages of what leaves it meanwhile; unless consent was withdrawn, when nobody
 * may remember them.
 */
export function followOutbox(): (stored: Stored, isWithdrawn?: boolean) => Entry[] {
  const seen = new Map<string, Entry>();
  return ({ items }, isWithdrawn = false) => {
    if (isWithdrawn) seen.clear();
    for (const entry of seen.values()) if (items[entry.key] === undefined) seen.set(entry.key, leave(entry));
    for (const [key, text] of Object.entries(items)) {
      const since = Number(key.split('.')[1]);
      if (!key.startsWith('.') || Number.isNaN(since)) continue;
      const state = text ? 'waiting' : 'proven';
      seen.set(key, { key, since, state, message: text || seen.get(key)?.message });
    }
    return [...seen.values()].sort((one, other) => other.since - one.since);
  };
}

/** A mark of a proof goes after a day; it stays a proof. */
function leave(entry: Entry): Entry {
  return entry.state === 'proven' ? entry : { ...entry, state: 'gone' };
}

export function isOverdue({ since }: Entry, now: number): boolean {
  return now - since > longestWaitMs;
}

/** What it is a purchase of, as its message says. */
export function describeEntry({ message }: Entry): string {
  if (message === undefined) return 'A purchase whose details are no longer kept';
  const fields = new URLSearchParams(message);
  const says = (...names: string[]) =>
    names
      .map((name) => fields.get(name) ?? '')
      .join(' ')
      .trim();
  const parts = [
    says('serviceName'),
    fields.has('customerId') ? `customer ${says('customerId')}` : '',
    fields.has('orderId') ? `order ${says('orderId')}` : '',
    says('amount', 'currency'),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
