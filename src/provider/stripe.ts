export {
  type MappedEvent,
  type OnrampCall,
  type PurchaseFields,
  type RefundFields,
  type RenewalFields,
  type SignupFields,
  sendCalls,
  type Tracker,
} from './processors/calls.ts';
export { fromClientReferenceId, toClientReferenceId } from './processors/clientReferenceId.ts';
export { type OrderContext, toMetadata } from './processors/metadata.ts';
export { fromStripe } from './processors/stripe.ts';
export {
  orderIdOf,
  type StripeEvent,
  type StripeOptions,
  type StripePayment,
} from './processors/stripeEvent.ts';
export type { Referral } from './referral.ts';
