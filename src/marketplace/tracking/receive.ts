import type { Level, TrackingField } from '../../wire/fields.ts';
import type { Clock } from '../../wire/time.ts';
import { UnreadableBody } from '../http/body.ts';
import type { Fields } from '../http/fields.ts';
import type { KnownTime } from '../ledger/knownTime.ts';
import type { Via } from '../ledger/tracking.ts';
import type { Limits } from '../limits/limits.ts';
import { withMintedReferral } from '../links/mintedReferral.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import { ofNoProvider } from '../store/database.ts';
import type { Provider } from '../store/providers.ts';
import { providerPool, unknownKeyPool, unreadablePool } from '../store/rejections.ts';
import type { Store } from '../store/store.ts';
import type { LedgerWriter } from '../store/writer.ts';
import { trackingEntry } from './entry.ts';
import {
  admit,
  carrierLevel,
  invalidFields,
  requireStored,
  type Sender,
  unknownPartnerKey,
} from './judge.ts';
import { type CheckedMessage, checkMessage } from './message.ts';
import { Refusal } from './refusal.ts';
import { keptIgnored, rejectionEntry } from './rejection.ts';
import { verifySignature } from './signature.ts';

/** A tracking message as it reached the service. */
export interface Arrival {
  via: Via;
  sender: Sender;
  /** As it came, in bytes or as a query, for the sample that is kept of what can't be read. */
  body: Buffer | string;
  /** @throws UnreadableBody when the bytes can't be read as fields */
  readFields: () => Fields;
  /** By when it is answered, whatever has become of it. */
  untilMs: number;
}

/** A message that is on disk. */
export interface Stored {
  result: 'created' | 'duplicate';
  id: string;
  providerId: number;
  /** The level of this copy, not of the row. */
  trust: Level;
  ignored: readonly TrackingField[];
}

export interface Intake {
  /**
   * Judges a message and stores it, or keeps why it was refused; either is on disk when this returns. Of a customer
   * who was forgotten nothing is kept.
   *
   * @returns the Refusal of a message that will never be taken
   * @throws HttpProblem 429 when there were too many of the kind, 503 when its signature shows that a clock is wrong
   * @throws StoreUnavailableError when nothing could be stored and the message may be sent again
   */
  receive(arrival: Arrival): Promise<Stored | Refusal>;
}

export interface IntakeParts {
  store: Pick<Store, 'readReferral' | 'findClicked'>;
  providers: ProviderLookup;
  limits: Limits;
  writer: LedgerWriter;
  clock: Clock;
  knownTime: KnownTime;
  createId: () => string;
}

export function createIntake(parts: IntakeParts): Intake {
  const { store, providers, limits, writer, clock, knownTime, createId } = parts;
  return {
    async receive(arrival) {
      const receivedAt = clock();
      let fields: Fields | undefined;
      let pool: string = unreadablePool;
      let providerId = ofNoProvider;
      let isAdmitted = false;
      /** Once a message: what is accepted and what is kept of a refusal take from the same budgets. */
      const spend = (trust: Level) => {
        if (!isAdmitted) limits.admitMessage(pool, trust);
        isAdmitted = true;
      };
      try {
        fields = readFields(arrival);
        pool = unknownKeyPool;
        const checked = checkMessage(fields, receivedAt, knownTime.latest());
        if (checked.partnerKey === undefined) throw invalidFields(checked.errors);
        const provider = await providers.byPartnerKey(checked.partnerKey);
        if (!provider) throw unknownPartnerKey();
        pool = providerPool(provider.partnerKey);
        providerId = provider.id;
        return await accept(arrival, { ...checked, fields }, provider, receivedAt, spend);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        spend(error.trust);
        // Kept, it would bring the customer back.
        if (error.reason === 'customer_forgotten') return error;
        const { via, body, untilMs } = arrival;
        await writer.write(
          rejectionEntry({ id: createId(), providerId, pool, refusal: error, via, receivedAt, fields, body }),
          untilMs,
        );
        return error;
      }
    },
  };

  async function accept(
    { sender, via, untilMs }: Arrival,
    { message, errors, ignored, fields }: CheckedMessage & { fields: Fields },
    provider: Provider,
    receivedAt: number,
    spend: (trust: Level) => void,
  ): Promise<Stored> {
    const carrier = carrierLevel(sender, provider);
    const signedAt = verifiedAt({ message, errors }, provider, receivedAt, carrier);
    if (errors.length > 0) throw invalidFields(errors, carrier);
    const trust = signedAt === undefined ? carrier : 'signed';
    admit(message, provider, trust);
    spend(trust);
    // With the secret itself it is the provider's server, which has to be no browser.
    const isBot = sender.isBot && carrier !== 'server';
    const details = await withMintedReferral(message.details, provider.id, store);
    const outcome = await writer.write(
      trackingEntry({
        id: createId(),
        providerId: provider.id,
        message: { ...message, details },
        via,
        receivedAt,
        carrier,
        signedAt,
        isBot,
        ignored: keptIgnored(fields, ignored),
      }),
      untilMs,
    );
    const result = requireStored(outcome, message, trust);
    return { result, id: outcome.id, providerId: provider.id, trust, ignored };
  }

  /**
   * When the message's signature was made, which is right then; undefined where there is nothing to verify: the secret
   * itself is more than a signature made with it.
   */
  function verifiedAt(
    { message, errors }: Pick<CheckedMessage, 'message' | 'errors'>,
    provider: Provider,
    receivedAt: number,
    carrier: Level,
  ): number | undefined {
    const { sig } = message;
    // A time that seems to lie ahead is signed as well, and the signature tells whether a clock is to blame.
    const isVerifiable = errors.every(({ code }) => code === 'out_of_range');
    if (sig === undefined || carrier === 'server' || !isVerifiable) return undefined;
    const moment = { now: receivedAt, knownNow: knownTime.earliest() };
    return verifySignature({ ...message, sig }, provider, moment, carrier);
  }
}

/** @throws Refusal when the bytes can't be read as fields */
function readFields(arrival: Arrival): Fields {
  try {
    return arrival.readFields();
  } catch (error) {
    throw error instanceof UnreadableBody ? new Refusal(error.reason, error.message) : error;
  }
}
