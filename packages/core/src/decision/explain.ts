import type { Decision } from './decision.ts'
import type { DenyReason } from './deny.ts'
import type { Authentication } from '../pipelines/pipeline-spec.ts'

/** One check of a decision, for an operator to read. There is nothing secret in it. */
export interface TraceEntry {
  readonly check: Check
  readonly outcome: 'passed' | 'failed' | 'not_asked'
  readonly reason?: DenyReason
}

/** The checks of `decide`, in its order. */
export const CHECKS = [
  'route',
  'credentials',
  'api-key',
  'environment',
  'address',
  'association',
  'basic',
  'jwt',
  'limits',
] as const
export type Check = (typeof CHECKS)[number]

/** Which check a refusal comes from. */
const CHECK_OF: Readonly<Record<DenyReason, Check>> = {
  route_not_found: 'route',
  method_not_allowed: 'route',
  credential_ambiguous: 'credentials',
  credential_missing: 'api-key',
  credential_invalid: 'api-key',
  key_deleted: 'api-key',
  key_inactive: 'api-key',
  key_expired: 'api-key',
  key_outdated: 'api-key',
  key_wrong_environment: 'environment',
  address_not_allowed: 'address',
  pipeline_not_allowed: 'association',
  basic_invalid: 'basic',
  token_missing: 'jwt',
  token_invalid: 'jwt',
  token_expired: 'jwt',
  token_wrong_consumer: 'jwt',
  rate_limited: 'limits',
}

const NOTHING_ASKED: Authentication = { apiKey: false, jwt: false, basic: false }

/**
 * Why a decision came out as it did. Since there is one order and the first failure wins, the verdict alone tells
 * what was checked before it, so that the hot path records nothing.
 */
export function explain(decision: Exclude<Decision, { kind: 'needs' }>): TraceEntry[] {
  if (decision.kind === 'preflight') return [{ check: 'route', outcome: 'passed' }]
  const asked = decision.deployment?.spec.trigger.authentication ?? NOTHING_ASKED
  const failed = decision.kind === 'deny' ? CHECK_OF[decision.reason] : undefined
  const last = failed === undefined ? CHECKS.length - 1 : CHECKS.indexOf(failed)
  return CHECKS.slice(0, last + 1).map((check): TraceEntry => {
    if (decision.kind === 'deny' && check === failed)
      return { check, outcome: 'failed', reason: decision.reason }
    return { check, outcome: isAsked(check, asked) ? 'passed' : 'not_asked' }
  })
}

function isAsked(check: Check, asked: Authentication): boolean {
  switch (check) {
    case 'route':
    case 'limits':
      return true
    case 'credentials':
      return asked.apiKey || asked.basic || asked.jwt
    case 'api-key':
    case 'environment':
    case 'address':
    case 'association':
      return asked.apiKey
    case 'basic':
      return asked.basic
    case 'jwt':
      return asked.jwt
  }
}
