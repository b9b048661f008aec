import type { DecidedRequest } from '@sallyport/sdk'
import type { Outcome } from './search.ts'

/** The code of a request that was let in and served. */
export const ALLOWED = 'valid'

/** Where each reason of the decision refuses a request, in the order of the checks. */
export const REFUSED_AT = {
  route_not_found: 'route',
  method_not_allowed: 'route',
  caller_address_not_allowed: 'entry',
  maintenance: 'entry',
  credential_missing: 'apiKey',
  credential_ambiguous: 'apiKey',
  credential_invalid: 'apiKey',
  key_inactive: 'state',
  key_expired: 'state',
  key_outdated: 'state',
  key_deleted: 'state',
  key_wrong_environment: 'environment',
  address_not_allowed: 'address',
  pipeline_not_allowed: 'association',
  basic_invalid: 'basic',
  token_missing: 'jwt',
  token_invalid: 'jwt',
  token_expired: 'jwt',
  token_wrong_consumer: 'jwt',
  rate_limited: 'limits',
} as const

export type RefusalCode = keyof typeof REFUSED_AT

export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSED_AT, code)
}

/** The first status that blames the server or what is behind it (RFC 9110 section 15.6). */
const SERVER_FAULT = 500

/** Whether a request was served, refused, or failed although the caller did nothing wrong. */
export function outcomeOf({ code, status }: Pick<DecidedRequest, 'code' | 'status'>): Outcome {
  if (code === ALLOWED) return 'allowed'
  if (isRefusalCode(code)) return 'refused'
  return status === null || status >= SERVER_FAULT ? 'failed' : 'refused'
}
