import type { Clock } from '../../wire/time.ts';
import type { Fields } from '../http/fields.ts';
import { withMintedReferral } from '../listings.ts';
import { providerPool, type RejectionRow, unknownKeyPool } from '../store/rejections.ts';
import type { Store } from '../store/store.ts';
import { trackingEntry } from './entry.ts';
import { admit, invalidFields, requireStored, unknownPartnerKey } from './judge.ts';
import { checkMessage } from './message.ts';
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
  store: Pick<Store, 'settleRejection' | 'findMintedReferrals' | 'findProvider'>;
  createId: () => string;
  /** Today's, which may have been set right since the message arrived. */
  clock: Clock;
}

/** What makes a purchase that purchase: cut or altered, it would be another one. */
const identifying = ['partnerKey', 'event', 'serviceName', 'customerId', 'orderId', 'purchasedAt'];

/**
 * Judges a refused message anew, as of the moment at which it was first received and at the level that it had reached
 * then, never a higher one. Its signature isn't verified again, since no mac is kept: it is `signed` only if that was
 * established when it arrived. Who carried a signed message isn't known any more, so what its signature doesn't cover
 * counts as unsigned.
 *
 * The clock may have been wrong then: what it called later than now has arrived by now, and a time that lay too far ahead
 * of it but doesn't lie ahead of now isn't held against the message.
 */
export function createReplay({
  store,
  createId,
  clock,
}: ReplayParts): (row: RejectionRow) => Promise<Replayed> {
  return async (rejection) => {
    const { id, payload, trust, via, firstSeenAt } = rejection;
    const now = clock();
    const receivedAt = Math.min(firstSeenAt, now);
    const lacking = whatIsLacking(payload);
    if (lacking !== undefined) return { result: 'not_replayable', detail: lacking };
    const fields = replayedFields(payload);
    const checked = checkMessage(fields, receivedAt, now);
    let pool: string = unknownKeyPool;
    try {
      if (checked.partnerKey === undefined) throw invalidFields(checked.errors);
      const provider = await store.findProvider(checked.partnerKey);
      if (!provider) throw unknownPartnerKey();
      pool = providerPool(provider.partnerKey);
      if (checked.errors.length > 0) throw invalidFields(checked.errors, trust);
      const { message } = checked;
      admit(message, provider, trust);
      const isSigned = trust === 'signed';
      const copy = {
        id: createId(),
        providerId: provider.id,
        message: { ...message, details: await withMintedReferral(message.details, store) },
        via,
        receivedAt,
        carrier: isSigned ? 'unsigned' : trust,
        signedAt: isSigned ? keptSignedAt(payload.sig) : undefined,
        // Who sent it isn't known any more.
        isBot: false,
        ignored: keptIgnored(fields, checked.ignored),
      };
      const outcome = await store.settleRejection(id, trackingEntry(copy));
      if (!outcome) return { result: 'gone' };
      return { result: requireStored(outcome, message, trust), row: outcome.id };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { reason, message: detail } = error;
      if (reason === 'customer_forgotten') return { result: 'forgotten' };
      const refused = {
        id: createId(),
        pool,
        refusal: error,
        via,
        receivedAt,
        fields: payload,
        body: '',
      };
      const outcome = await store.settleRejection(id, rejectionEntry(refused));
      if (!outcome) return { result: 'gone' };
      return outcome.result === 'forgotten' ? { result: 'forgotten' } : { result: 'refused', reason, detail };
    }
  };
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
