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
export type { StripeEvent, StripeOptions, StripePayment } from './processors/stripeEvent.ts';
export { orderIdOf } from './processors/stripeOrder.ts';
export type { Referral } from './referral.ts';
