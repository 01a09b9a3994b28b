import { InvalidArgumentError } from 'commander';
import { type RefusalReason, refusals } from '../intake/refusal.ts';

/** Reasons by which messages are kept; of customers who were forgotten nothing is. */
export const keptReasons = Object.keys(refusals).filter(
  (reason): reason is RefusalReason => reason !== 'customer_forgotten',
);

export function parseReason(text: string): RefusalReason {
  const reason = keptReasons.find((known) => known === text);
  if (reason) return reason;
  throw new InvalidArgumentError(`It must be one of ${keptReasons.join(', ')}.`);
}
