import { describe, expect, test } from 'vitest'
import { PROBLEMS } from '../problems/problems.ts'
import { challenge, type DenyReason } from './deny.ts'

const STATUS: Readonly<Record<DenyReason, number>> = {
  route_not_found: 404,
  method_not_allowed: 405,
  caller_address_not_allowed: 403,
  maintenance: 503,
  credential_ambiguous: 401,
  credential_missing: 401,
  credential_invalid: 401,
  key_inactive: 401,
  key_expired: 401,
  key_outdated: 401,
  key_deleted: 401,
  key_wrong_environment: 403,
  address_not_allowed: 403,
  pipeline_not_allowed: 403,
  basic_invalid: 401,
  token_missing: 401,
  token_invalid: 401,
  token_expired: 401,
  token_wrong_consumer: 403,
  rate_limited: 429,
}

describe('a denial', () => {
  test.each(Object.entries(STATUS) as [DenyReason, number][])('%s has the status %i', (reason, status) => {
    expect(PROBLEMS[reason].status).toBe(status)
  })

  test.each(Object.keys(STATUS) as DenyReason[])('%s has the challenge of its scheme', (reason) => {
    expect(challenge(reason)).toMatch(reason === 'basic_invalid' ? /^Basic realm="/ : /^Bearer realm="/)
    const isMissing = reason.endsWith('_missing') || reason === 'basic_invalid'
    expect(challenge(reason).includes('error="invalid_token"')).toBe(!isMissing)
  })
})
