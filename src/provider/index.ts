export type { SaasTracking, SaasTrackingResult, SaasTrackingRow } from './createSaasTracking.ts';
export { type FieldError, OnrampError, type OnrampFailure, type Problem } from './error.ts';
export { fromMinorUnits, type MinorUnitOptions, type Processor } from './fromMinorUnits.ts';
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
export type { SignablePurchase, SignedPurchase } from './signPurchase.ts';
export type { SubscriptionResult, SubscriptionUpdate } from './updateSubscription.ts';
export { signWebhook, toWebhookSecret, verifyWebhook, WebhookError, type WebhookFailure } from './webhook.ts';
