import { createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';

/** What an id of ours tells us, and nobody else. */
export interface ReferralOrigin {
  /** For whom it was minted. */
  providerId: number;
  /** Epoch milliseconds. */
  clickedAt: number;
  /** Whether the provider's page has minted it, for a test. */
  isForTests: boolean;
}

export interface Referrals {
  /** A new id, as links of the marketplace mint it. */
  mint(origin: ReferralOrigin): string;
  /** What the id was minted with; undefined where it wasn't minted with this key. */
  read(referral: string): ReferralOrigin | undefined;
}

/*
 * An id is, in bytes, the time of the click (6), chance (8), the purpose (1) and the provider (4), and what proves all of
 * it (8). 27 bytes are 36 characters of base64url with no bit left over, so that each id has one spelling.
 */
const timeBytes = 6;
const nonceBytes = timeBytes + 8;
const claimBytes = nonceBytes + 1 + 4;
const proofBytes = 8;
const looksLikeOne = new RegExp(`^[\\w-]{${((claimBytes + proofBytes) * 8) / 6}}$`);

/**
 * Mints referral ids and reads them. That an id is ours, for whom and from when is known by computing, so it doesn't
 * depend on the click's row, which may be deleted, in another part of a ledger that is spread, or not there yet.
 *
 * @param key of the database: whoever has it can mint
 */
export function createReferrals(key: KeyObject): Referrals {
  const sign = (use: string, bytes: Uint8Array) =>
    createHmac('sha256', key).update(use).update(bytes).digest();

  /** Hides purpose and provider, or shows them: the visitor has the id, and needn't learn how many providers there are. */
  function cover(bytes: Buffer): void {
    const cloak = sign('onramp referral cloak', bytes.subarray(0, nonceBytes));
    for (let at = nonceBytes; at < claimBytes; at++) {
      bytes.writeUInt8(bytes.readUInt8(at) ^ cloak.readUInt8(at), at);
    }
  }

  const proofOf = (bytes: Buffer) =>
    sign('onramp referral proof', bytes.subarray(0, claimBytes)).subarray(0, proofBytes);

  return {
    mint({ providerId, clickedAt, isForTests }) {
      const bytes = randomBytes(claimBytes + proofBytes);
      bytes.writeUIntBE(clickedAt, 0, timeBytes);
      bytes.writeUInt8(isForTests ? 1 : 0, nonceBytes);
      bytes.writeUInt32BE(providerId, nonceBytes + 1);
      cover(bytes);
      proofOf(bytes).copy(bytes, claimBytes);
      return bytes.toString('base64url');
    },

    read(referral) {
      if (!looksLikeOne.test(referral)) return undefined;
      const bytes = Buffer.from(referral, 'base64url');
      if (!timingSafeEqual(proofOf(bytes), bytes.subarray(claimBytes))) return undefined;
      cover(bytes);
      return {
        clickedAt: bytes.readUIntBE(0, timeBytes),
        isForTests: bytes.readUInt8(nonceBytes) === 1,
        providerId: bytes.readUInt32BE(nonceBytes + 1),
      };
    },
  };
}
