import type { Credential } from '../spec/trigger-facts.ts'

/** What a gateway checks, in this order. The first check that fails decides. */
export const CHECKS = ['route', 'entry', 'apiKey', 'bounds', 'access', 'basic', 'jwt'] as const
export type Check = (typeof CHECKS)[number]

/** The check that refuses with a code; of a code that several have, the first. */
const REFUSES: Readonly<Record<string, Check>> = {
  route_not_found: 'route',
  method_not_allowed: 'route',
  caller_address_not_allowed: 'entry',
  maintenance: 'entry',
  credential_missing: 'apiKey',
  credential_ambiguous: 'apiKey',
  credential_invalid: 'apiKey',
  key_deleted: 'apiKey',
  key_inactive: 'apiKey',
  key_expired: 'apiKey',
  key_outdated: 'apiKey',
  key_wrong_environment: 'bounds',
  address_not_allowed: 'bounds',
  pipeline_not_allowed: 'access',
  basic_invalid: 'basic',
  token_missing: 'jwt',
  token_invalid: 'jwt',
  token_expired: 'jwt',
  token_wrong_consumer: 'jwt',
}

export type Outcome = 'passed' | 'refused' | 'not-reached' | 'not-required'

export interface TraceLine {
  readonly check: Check
  readonly outcome: Outcome
}

/** Which credential a check needs; without one, it has nothing to check. */
const NEEDS: Readonly<Record<Check, Credential | undefined>> = {
  route: undefined,
  entry: undefined,
  apiKey: 'apiKey',
  bounds: 'apiKey',
  access: 'apiKey',
  basic: 'basic',
  jwt: 'jwt',
}

/**
 * Which check refused a call, and what was checked before it.
 *
 * @param code `valid`, or the code of the refusal
 * @param required the credentials that the trigger requires, and those that were sent besides
 */
export function traceOf(code: string, required: Readonly<Record<Credential, boolean>>): TraceLine[] {
  const refusing = refusingCheck(code, required)
  const last = refusing === undefined ? CHECKS.length : CHECKS.indexOf(refusing)
  return CHECKS.map((check, index) => {
    if (check === refusing) return { check, outcome: 'refused' }
    if (index > last) return { check, outcome: 'not-reached' }
    const credential = NEEDS[check]
    const isChecked = credential === undefined || required[credential]
    return { check, outcome: isChecked ? 'passed' : 'not-required' }
  })
}

function refusingCheck(code: string, required: Readonly<Record<Credential, boolean>>): Check | undefined {
  const check = REFUSES[code]
  if (check === undefined) return undefined
  const needed = NEEDS[check]
  if (needed === undefined || required[needed]) return check
  // Without an API key, another credential is what is refused.
  if (required.basic) return 'basic'
  return required.jwt ? 'jwt' : check
}
