import {
  maxNameLength,
  maxPageLength,
  maxPartnerKeyLength,
  maxReferralLength,
  type TrackingField,
  trackingFields,
} from '../../wire/fields.ts';
import { parseSignature } from '../../wire/signature.ts';
import { cutText, lengthOf, toStoredText } from '../../wire/text.ts';
import type { Fields } from '../http/fields.ts';
import { BrokenText } from '../http/octets.ts';
import { digest } from '../ledger/hash.ts';
import type { IgnoredFields, Via } from '../ledger/tracking.ts';
import { redact } from '../providers/secret.ts';
import type { RejectionEntry } from '../store/rejections.ts';
import type { Refusal } from './refusal.ts';

/** Texts are cut here, in code points: beyond every limit, so that a cut one would be refused again. */
const maxKeptLength = 1 + Math.max(maxPartnerKeyLength, maxNameLength, maxReferralLength, maxPageLength);
/** Of what cannot be read as fields, only a sample is kept, in code points. */
const maxSampleLength = 1_024;

export interface Rejected {
  id: string;
  providerId: number;
  pool: string;
  refusal: Refusal;
  via: Via;
  receivedAt: number;
  /** What the message said; undefined when it could not be read, and its bytes are all there is. */
  fields: Fields | undefined;
  body: Buffer | string;
}

/** What is kept of a refused message: enough to understand and replay it, and nothing that is secret. */
export function rejectionEntry({
  id,
  providerId,
  pool,
  refusal,
  via,
  receivedAt,
  fields,
  body,
}: Rejected): RejectionEntry {
  const { reason, status, message: detail, errors, trust } = refusal;
  const payload = fields ? keptFields(fields) : { sample: keptSample(body) };
  return {
    kind: 'rejection',
    id,
    providerId,
    pool,
    fingerprint: digest(JSON.stringify([pool, status, reason, codes(refusal), trust, lasting(payload)])),
    receivedAt,
    rejection: { status, reason, detail, errors, trust, via, payload },
  };
}

/** Known fields only: what else a page may have sent by mistake is nobody's business. */
function keptFields(fields: Fields): Fields {
  const named = trackingFields.filter((name) => fields[name] !== undefined);
  return Object.fromEntries(named.map((name) => [name, keptValue(name, fields[name])]));
}

/** Of an ignored field so much is kept, in code points. */
const maxIgnoredLength = 100;

/** The fields of an accepted message that were left out, as they were sent, for the provider to see what to mend. */
export function keptIgnored(fields: Fields, ignored: readonly TrackingField[]): IgnoredFields {
  return Object.fromEntries(
    ignored.map((name) => {
      const value = keptValue(name, fields[name]);
      return [name, keptText(typeof value === 'string' ? value : JSON.stringify(value), maxIgnoredLength)];
    }),
  );
}

/** Stands where octets couldn't be read: another customer's id must not come of it. */
const brokenMark = '(octets left out)';

function keptValue(name: string, value: unknown): unknown {
  if (name === 'sig')
    return typeof value === 'string' && parseSignature(value) ? value.replace(/[^.]*$/, '') : '';
  if (value instanceof BrokenText) return keptText(value.text, maxKeptLength).replace(/\uFFFD+/g, brokenMark);
  if (typeof value === 'object') return Array.isArray(value) ? [] : value && {};
  if (typeof value !== 'string') return value;
  const text = name === 'page' ? value.replace(/[?#].*$/s, '') : value;
  return keptText(text, maxKeptLength);
}

/** When the signature was made of which all but the mac was kept, in epoch milliseconds. */
export function keptSignedAt(sig: unknown): number | undefined {
  const [, seconds] = /^[^.]+\.(\d+)\.$/.exec(String(sig)) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** Whether a kept value is as it was sent: nothing cut off or left out. */
export function isKeptWhole(value: unknown): boolean {
  if (typeof value !== 'string') return true;
  return lengthOf(value) < maxKeptLength && !/\((secret|mac|octets) left out\)/.test(value);
}

function keptSample(body: Buffer | string): string {
  return keptText(body.toString(), maxSampleLength);
}

/** Redacted before it is cut, lest the cut leave half of a secret. */
function keptText(text: string, maxLength: number): string {
  return toStoredText(cutText(redact(text), maxLength));
}

/** Without what differs at every send, so that a retry isn't another rejection. */
function lasting({ clock: _clock, landedAt: _landedAt, sig: _sig, ...payload }: Fields): Fields {
  return payload;
}

function codes({ errors }: Refusal): string[] {
  return errors.map(({ pointer, code }) => `${pointer} ${code}`);
}
