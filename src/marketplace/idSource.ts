import { randomFillSync } from 'node:crypto';
import { v7 as formatId } from 'uuid';
import type { Clock } from './clock.ts';

const bytesOfAnId = 16;
/** Random bytes are drawn for so many ids at once: a draw takes longer than all else about an id. */
const idsOfADraw = 256;

/**
 * Returns what makes ids: UUIDv7, each after the one before, also within a millisecond and where the clock was set
 * back (https://www.rfc-editor.org/rfc/rfc9562#section-6.2, a counter with a random start).
 */
export function createIdSource(clock: Clock): () => string {
  const pool = new Uint8Array(bytesOfAnId * idsOfADraw);
  let used = pool.length;
  let msecs = 0;
  let seq = 0;

  function drawRandom(): Uint8Array {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += bytesOfAnId;
    return pool.subarray(used - bytesOfAnId, used);
  }

  return () => {
    const random = drawRandom();
    const now = clock();
    if (now > msecs) {
      msecs = now;
      // 31 bits of it, so that the counter's 32 leave room to count.
      seq = new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1;
    } else {
      seq = (seq + 1) >>> 0;
      if (seq === 0) msecs++;
    }
    return formatId({ msecs, seq, random });
  };
}
