export type { CallOptions, FileContent } from './calls/call.ts'
export { etagOf, keepEtag } from './calls/etags.ts'
export { type Client, type ClientOptions, createClient } from './create-client.ts'
export type * from './generated/inputs.ts'
export type * from './generated/outputs.ts'
export type * from './generated/types.ts'
export { List, type Page } from './calls/list.ts'
export { randomUuid } from './calls/random-uuid.ts'
export { type FieldError, type LocalErrorCode, SallyportError } from './calls/sallyport-error.ts'
export type { RequestHeaders } from './calls/request-headers.ts'
export { verifyWebhook, type VerifyWebhookInput, type WebhookEvent } from './webhooks/verify-webhook.ts'
export type { CallerRequest, FetchRequest, NodeRequest } from './verifier/caller-request.ts'
export {
  createVerifier,
  type Verifier,
  type VerifierOptions,
  type VerifierSettings,
  type VerifyOptions,
} from './verifier/create-verifier.ts'
export { type Identity, identityFromHeaders } from './verifier/identity.ts'
export type { AddressSource, Place } from './verifier/question.ts'
export type {
  Allowed,
  Answer,
  AnswerHeaders,
  Preflight,
  Refused,
  Unavailable,
  Verification,
} from './verifier/verification.ts'
export { identityOf } from './verifier/verified-requests.ts'
