import { hash } from 'node:crypto';

/** The first 128 bits of the text's SHA-256: enough that no two texts of a ledger ever meet. */
export function digest(text: string): Uint8Array {
  return hash('sha256', text, 'buffer').subarray(0, 16);
}
