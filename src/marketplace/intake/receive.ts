import type { Level, TrackingField } from '../../wire/fields.ts';
import type { Clock } from '../clock.ts';
import { isStronger } from '../ledger/level.ts';
import type { Via } from '../ledger/tracking.ts';
import type { LedgerWriter } from '../ledger/writer.ts';
import type { Limits } from '../limits/limits.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import type { Provider } from '../store/providers.ts';
import { providerPool, unknownKeyPool, unreadablePool } from '../store/rejections.ts';
import { trackingEntry } from './entry.ts';
import type { Fields } from './fields.ts';
import { carrierLevel, type Sender } from './level.ts';
import { checkMessage } from './message.ts';
import { Refusal } from './refusal.ts';
import { rejectionEntry } from './rejection.ts';
import { verifySignature } from './signature.ts';

/** A tracking message as it reached the service. */
export interface Arrival {
  via: Via;
  sender: Sender;
  /** The bytes as they came, for the sample that is kept of what can't be read. */
  body: Uint8Array;
  /** @throws Refusal when the bytes can't be read as fields */
  readFields: () => Fields;
}

/** A message that is on disk. */
export interface Stored {
  result: 'created' | 'duplicate';
  id: string;
  /** The level of this copy, not of the row. */
  trust: Level;
  ignored: readonly TrackingField[];
}

export interface Intake {
  /**
   * Judges a message and stores it, or keeps why it was refused; either is on disk when this returns.
   *
   * @returns the Refusal of a message that will never be taken
   * @throws HttpProblem 429 when there were too many of the kind
   * @throws StoreUnavailableError when nothing could be stored and the message may be sent again
   */
  receive(arrival: Arrival): Promise<Stored | Refusal>;
}

export interface IntakeParts {
  providers: ProviderLookup;
  limits: Limits;
  writer: LedgerWriter;
  clock: Clock;
  createId: () => string;
}

export function createIntake({ providers, limits, writer, clock, createId }: IntakeParts): Intake {
  return {
    async receive(arrival) {
      const receivedAt = clock();
      let fields: Fields | undefined;
      let pool: string = unreadablePool;
      let isAdmitted = false;
      /** Once a message: what is accepted and what is kept of a refusal take from the same budgets. */
      const admit = (trust: Level) => {
        if (!isAdmitted) limits.admitMessage(pool, trust);
        isAdmitted = true;
      };
      try {
        fields = arrival.readFields();
        pool = unknownKeyPool;
        const checked = checkMessage(fields, receivedAt);
        if (checked.partnerKey === undefined) throw invalidFields(checked.errors);
        const provider = await providers.byPartnerKey(checked.partnerKey);
        if (!provider) throw unknownPartnerKey();
        pool = providerPool(provider.partnerKey);
        return await accept(arrival, checked, provider, receivedAt, admit);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        admit(error.trust);
        const { via, body } = arrival;
        await writer.write(
          rejectionEntry({ id: createId(), pool, refusal: error, via, receivedAt, fields, body }),
        );
        return error;
      }
    },
  };

  async function accept(
    { sender, via }: Arrival,
    { message, errors, ignored }: ReturnType<typeof checkMessage>,
    provider: Provider,
    receivedAt: number,
    admit: (trust: Level) => void,
  ): Promise<Stored> {
    const carrier = carrierLevel(sender, provider);
    if (errors.length > 0) throw invalidFields(errors, carrier);
    const { sig } = message;
    // The secret itself is more than a signature made with it: nothing is left to verify.
    const isSigned = sig !== undefined && carrier !== 'server';
    if (isSigned) verifySignature({ ...message, sig }, provider, receivedAt, carrier);
    const trust = isSigned ? 'signed' : carrier;
    if (provider.disabled) throw providerDisabled(trust);
    // A visit counts demand, and browsers alone report it: none could ever prove more than its origin.
    if (message.event === 'purchase' && isStronger(provider.minimumLevel, trust)) {
      throw belowMinimum(provider, trust);
    }
    admit(trust);
    const id = createId();
    const outcome = await writer.write(
      trackingEntry({ id, providerId: provider.id, message, via, receivedAt, carrier, isSigned }),
    );
    if (outcome.result === 'conflict') throw conflict(trust);
    return { result: outcome.result, id: outcome.id, trust, ignored };
  }
}

function invalidFields(errors: Refusal['errors'], trust: Level = 'unsigned'): Refusal {
  return new Refusal('invalid_fields', `${errors.map(({ detail }) => detail).join('; ')}.`, {
    errors,
    trust,
  });
}

function unknownPartnerKey(): Refusal {
  const detail = 'No provider has this partner key. Compare it with the one that the marketplace gave you.';
  return new Refusal('unknown_partner_key', detail);
}

function providerDisabled(trust: Level): Refusal {
  const detail = 'The marketplace takes no messages for this provider at present.';
  return new Refusal('provider_disabled', detail, { trust });
}

function belowMinimum({ minimumLevel }: Provider, trust: Level): Refusal {
  const detail = `The provider demands the level ${minimumLevel} or higher; this message has the level ${trust}.`;
  return new Refusal('below_minimum_level', detail, { trust });
}

function conflict(trust: Level): Refusal {
  const detail =
    'This purchase is on record with another amount or currency, said by a copy that is at least as strong. ' +
    'Another purchase needs an orderId of its own.';
  return new Refusal('conflict', detail, { trust });
}
