import type { Level } from '../../wire/fields.ts';
import type { Clock } from '../../wire/time.ts';
import type { Fields } from '../http/fields.ts';
import { withMintedReferral } from '../links/mintedReferral.ts';
import { type Outcome, ofNoProvider } from '../store/database.ts';
import { providerPool, type RejectionRow, unknownKeyPool } from '../store/rejections.ts';
import type { Store } from '../store/store.ts';
import type { TrackingEntry } from '../store/trackingStatements.ts';
import { trackingEntry } from './entry.ts';
import { admit, invalidFields, requireStored, unknownPartnerKey } from './judge.ts';
import { checkMessage, type Message } from './message.ts';
import { Refusal, type RefusalReason } from './refusal.ts';
import { isKeptWhole, keptIgnored, keptSignedAt, rejectionEntry } from './rejection.ts';

/** What became of a rejection that was replayed. */
export type Replayed =
  /** It is in the ledger, in the row with this id, and no longer among the rejections. */
  | { result: 'created' | 'duplicate'; row: string }
  /** Refused again: it stays, with this reason. */
  | { result: 'refused'; reason: RefusalReason; detail: string }
  /** Its customer was forgotten meanwhile: it is deleted. */
  | { result: 'forgotten' }
  /** Too little of it was kept: it stays as it is. */
  | { result: 'not_replayable'; detail: string }
  /** Another process has replayed or deleted it meanwhile. */
  | { result: 'gone' };

export interface ReplayParts {
  store: Pick<Store, 'settleRejection' | 'readReferral' | 'findClicked' | 'findProvider'>;
  createId: () => string;
  /** Today's, which may have been set right since the message arrived. */
  clock: Clock;
}

/** What makes a purchase that purchase: cut or altered, it would be another one. */
const identifying = ['partnerKey', 'event', 'serviceName', 'customerId', 'orderId', 'purchasedAt'];

/** Takes rejections in, one by one; each is judged as `judge` says. */
export function createReplay(parts: ReplayParts): (row: RejectionRow) => Promise<Replayed> {
  const { store, createId } = parts;

  /** Keeps why it is refused now in the place of why it was. */
  async function refuse(row: RejectionRow, refusedAnew: RefusedAnew) {
    const { via, payload: fields } = row;
    const refused = { ...refusedAnew, id: createId(), via, fields, body: '' };
    const outcome = await store.settleRejection(row, rejectionEntry(refused));
    if (!outcome) return { result: 'gone' as const };
    return outcome.result === 'forgotten' ? { result: 'forgotten' as const } : asRefused(refusedAnew.refusal);
  }

  return async (row) => {
    const judged = await judge(row, parts);
    if (judged.result === 'not_replayable') return judged;
    if (judged.result === 'refused') return await refuse(row, judged);
    const outcome = await store.settleRejection(row, judged.entry);
    if (!outcome) return { result: 'gone' };
    const settled = settle(outcome, judged.message, row.trust);
    return settled instanceof Refusal ? await refuse(row, { ...judged, refusal: settled }) : settled;
  };
}

/** What a replay would make of a rejection now. */
export type Foreseen = Exclude<Replayed, { result: 'gone' }>;

/** Says what `createReplay` would make of them, one after the other, and writes nothing. */
export function createForesight(
  parts: JudgeParts & { store: Pick<Store, 'foreseeTrackings'> },
): (rows: readonly RejectionRow[]) => Promise<Foreseen[]> {
  return async (rows) => {
    const judged = await Promise.all(rows.map(async (row) => ({ row, judged: await judge(row, parts) })));
    const entries = judged.flatMap(({ judged }) => (judged.result === 'accepted' ? [judged.entry] : []));
    const outcomes = await parts.store.foreseeTrackings(entries);
    return judged.map(({ row, judged }) => {
      if (judged.result === 'not_replayable') return judged;
      if (judged.result === 'refused') return asRefused(judged.refusal);
      const outcome = outcomes[entries.indexOf(judged.entry)];
      if (!outcome) throw new Error('A tracking has no outcome.');
      const settled = settle(outcome, judged.message, row.trust);
      return settled instanceof Refusal ? asRefused(settled) : settled;
    });
  };
}

type JudgeParts = Pick<ReplayParts, 'createId' | 'clock'> & {
  store: Pick<Store, 'readReferral' | 'findClicked' | 'findProvider'>;
};

interface RefusedAnew {
  refusal: Refusal;
  providerId: number;
  pool: string;
  receivedAt: number;
}

type Judged =
  | ({ result: 'accepted'; entry: TrackingEntry; message: Message } & Omit<RefusedAnew, 'refusal'>)
  | ({ result: 'refused' } & RefusedAnew)
  | { result: 'not_replayable'; detail: string };

/**
 * Judges a refused message anew, as of the moment at which it was first received and at the level that it had reached
 * then, never a higher one. Its signature isn't verified again, since no mac is kept: it is `signed` only if that was
 * established when it arrived. Who carried a signed message isn't known any more, so what its signature doesn't cover
 * counts as unsigned.
 *
 * The clock may have been wrong then: what it called later than now has arrived by now, and a time that lay too far ahead
 * of it but doesn't lie ahead of now isn't held against the message.
 */
async function judge(
  { payload, trust, via, firstSeenAt }: RejectionRow,
  { store, createId, clock }: JudgeParts,
): Promise<Judged> {
  const now = clock();
  const receivedAt = Math.min(firstSeenAt, now);
  const lacking = whatIsLacking(payload);
  if (lacking !== undefined) return { result: 'not_replayable', detail: lacking };
  const fields = replayedFields(payload);
  const checked = checkMessage(fields, receivedAt, now);
  let pool: string = unknownKeyPool;
  let providerId = ofNoProvider;
  try {
    if (checked.partnerKey === undefined) throw invalidFields(checked.errors);
    const provider = await store.findProvider(checked.partnerKey);
    if (!provider) throw unknownPartnerKey();
    pool = providerPool(provider.partnerKey);
    providerId = provider.id;
    if (checked.errors.length > 0) throw invalidFields(checked.errors, trust);
    const { message } = checked;
    admit(message, provider, trust);
    const isSigned = trust === 'signed';
    const entry = trackingEntry({
      id: createId(),
      providerId: provider.id,
      message: { ...message, details: await withMintedReferral(message.details, provider.id, store) },
      via,
      receivedAt,
      carrier: isSigned ? 'unsigned' : trust,
      signedAt: isSigned ? keptSignedAt(payload.sig) : undefined,
      // Who sent it isn't known any more.
      isBot: false,
      ignored: keptIgnored(fields, checked.ignored),
    });
    return { result: 'accepted', entry, message, providerId, pool, receivedAt };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { result: 'refused', refusal: error, providerId, pool, receivedAt };
  }
}

/** What has become of it in the ledger: a Refusal where that didn't take it. */
function settle(outcome: Outcome, message: Message, trust: Level): Foreseen | Refusal {
  try {
    return { result: requireStored(outcome, message, trust), row: outcome.id };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.reason === 'customer_forgotten' ? { result: 'forgotten' } : error;
  }
}

function asRefused({ reason, message: detail }: Refusal) {
  return { result: 'refused' as const, reason, detail };
}

function whatIsLacking(payload: Fields): string | undefined {
  if ('sample' in payload) return 'It could not be read: only a sample of it was kept.';
  const altered = identifying.filter((name) => !isKeptWhole(payload[name]));
  if (altered.length === 0) return undefined;
  return `Not as it was sent, since it was too long or held a secret: ${altered.join(', ')}.`;
}

/** Without the signature, whose mac wasn't kept, and without what is no longer as it was sent. */
function replayedFields({ sig: _sig, ...payload }: Fields): Fields {
  return Object.fromEntries(Object.entries(payload).filter(([, value]) => isKeptWhole(value)));
}
