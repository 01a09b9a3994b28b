import { randomUUID } from 'node:crypto';
import type { Clock } from '../../wire/time.ts';
import { toHex } from './hash.ts';

const maxCount = 0xfff;

/**
 * Returns what makes UUIDs of version 7 (RFC 9562, section 5.7): ordered by time, so that they are cheap to insert as a
 * table grows. Those of one process rise, also within a millisecond and where the clock was set back: the 12 bits
 * behind the time count (section 6.2, method 1).
 */
export function createIds(clock: Clock): () => string {
  let time = 0;
  let count = 0;
  return () => {
    // Its second half is random but for the variant, as that of version 7 is; Node makes it of a pool of random bytes.
    const random = randomUUID();
    const now = clock();
    if (now > time) {
      time = now;
      // Anywhere in the lower half: an id doesn't tell how many others there are, and there is room for more.
      count = Number.parseInt(random.slice(0, 3), 16) >> 1;
    } else if (++count > maxCount) {
      time++;
      count = 0;
    }
    const hexTime = time.toString(16).padStart(12, '0');
    const hexCount = count.toString(16).padStart(3, '0');
    return `${hexTime.slice(0, 8)}-${hexTime.slice(8)}-7${hexCount}${random.slice(18)}`;
  };
}

/** The first id that there can be of that time, in epoch milliseconds: all that were made before it are smaller. */
export function firstIdAt(timeMs: number): string {
  const hex = Math.max(0, timeMs).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** Whether the text is a UUID of any kind. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** Ids are stored as their 16 bytes: half the size of the text, and in the same order. */
export function toBytes(id: string): Buffer {
  return Buffer.from(
    id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24),
    'hex',
  );
}

/** The id that toBytes made those of. */
export function fromBytes(bytes: Uint8Array): string {
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
