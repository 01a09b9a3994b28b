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
export { type OrderContext, toMetadata } from './processors/metadata.ts';
export { fromPaddle, type PaddleEvent, type PaddleOptions, type PaddlePayment } from './processors/paddle.ts';
export type { Referral } from './referral.ts';
