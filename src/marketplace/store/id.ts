import { parse, stringify } from 'uuid';

/** UUIDs are stored as their 16 bytes: half the size of the text, and in the same order. */
export function toBytes(id: string): Buffer {
  return Buffer.from(parse(id));
}

export function fromBytes(bytes: Uint8Array): string {
  return stringify(bytes);
}
