export type { TrackingEvent, Verdict } from '../wire/fields.ts';
export { type FieldError, OnrampError, type OnrampFailure, type Problem } from './error.ts';
export { fromMinorUnits, type MinorUnitOptions, type Processor } from './fromMinorUnits.ts';
export type { IgnoredContext, OnIgnored } from './ignored.ts';
export { type KeepReferralOptions, keepReferral } from './keepReferral.ts';
export type { PurchaseFilters, RejectionFilters } from './lists.ts';
export { type CallOptions, createOnramp, type Onramp } from './onramp.ts';
export type { OnrampOptions } from './options.ts';
export type { Account, AccountField } from './provisioning/account.ts';
export type { AnswerStore, StoredAnswer } from './provisioning/answers.ts';
export {
  createProvisionAccountHandler,
  type ProvisionAccountOptions,
  type ProvisionContext,
  type RequestHandler,
} from './provisioning/handler.ts';
export { toNodeListener } from './provisioning/nodeListener.ts';
export type { Coid } from './provisioning/outcome.ts';
export { Password } from './provisioning/password.ts';
export { ProvisionRefused, type RefusalOptions } from './provisioning/refused.ts';
export type { GivenReferral, Referral } from './referral.ts';
export type { Rejection, TrackingRow, Trust } from './rows.ts';
export type { SignablePurchase, SignedPurchase } from './signPurchase.ts';
export type { Purchase, Refund, Renewal, Signup, TrackingResult } from './track.ts';
export type { SubscriptionResult, SubscriptionUpdate } from './updateSubscription.ts';
export type { VisitorRequest } from './visitor.ts';
export { signWebhook, toWebhookSecret, verifyWebhook, WebhookError, type WebhookFailure } from './webhook.ts';
