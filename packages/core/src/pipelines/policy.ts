import { isExposing, type Trigger } from './pipeline-spec.ts'

/** What an environment requires of every exposing trigger. */
export const POLICY_MODES = ['any', 'api-key', 'jwt', 'jwt-and-api-key'] as const
export type PolicyMode = (typeof POLICY_MODES)[number]

/** The name of the policy in the API. It is the only one so far. */
export const EXTERNAL_API_ACCESS = 'external-api-access'

/** One reason why a deployment is refused. */
export interface Violation {
  readonly rule: string
  /** The violated policy; left out for a rule that holds under every policy. */
  readonly policy?: string
  readonly environment: string
  /** The location in the spec, as a JSON Pointer (RFC 6901). */
  readonly path: string
  readonly required: string
  readonly found: string
  readonly fix: string
}

/** A likely mistake that does not block the deployment. */
export interface Warning {
  readonly rule: string
  /** The location in the spec, as a JSON Pointer (RFC 6901). */
  readonly path: string
  readonly detail: string
}

/** The part of a version that a policy depends on. */
export interface PolicySubject {
  readonly trigger: Pick<Trigger, 'kind' | 'authentication' | 'login'>
  /** The kinds of the version's steps, in order, such as `proxy` and `jwt.generate`. */
  readonly stepKinds: readonly string[]
}

/**
 * Lists every violation of an environment's policy; empty when the version conforms. A login pipeline issues the JWT, so
 * it cannot require one: the JWT modes require an API key of it instead.
 */
export function policyViolations(mode: PolicyMode, environment: string, subject: PolicySubject): Violation[] {
  const { trigger, stepKinds } = subject
  if (!isExposing(trigger.kind)) return []
  const violations: Violation[] = []
  if (trigger.login && !stepKinds.includes('jwt.generate')) {
    violations.push({
      rule: 'login-generates-jwt',
      environment,
      path: '/trigger/login',
      required: 'a jwt.generate step in a login pipeline',
      found: stepKinds.length === 0 ? 'no steps' : `steps: ${stepKinds.join(', ')}`,
      fix: 'Add a jwt.generate step, or remove login: true from the trigger.',
    })
  }
  const required = requiredAuthentication(mode, trigger.login)
  if (required.apiKey && !trigger.authentication.apiKey) {
    violations.push({
      rule: 'api-key-required',
      policy: EXTERNAL_API_ACCESS,
      environment,
      path: '/trigger/authentication/apiKey',
      required: 'authentication.apiKey: true',
      found: `authentication.apiKey: ${trigger.authentication.apiKeyOptional === true ? 'optional' : 'false'}`,
      fix: `Set trigger.authentication.apiKey to true. The policy of ${environment} is ${mode}${
        trigger.login && mode !== 'api-key' ? ', and a login pipeline conforms to it with an API key' : ''
      }.`,
    })
  }
  if (required.jwt && !trigger.authentication.jwt) {
    violations.push({
      rule: 'jwt-required',
      policy: EXTERNAL_API_ACCESS,
      environment,
      path: '/trigger/authentication/jwt',
      required: 'authentication.jwt: true',
      found: 'authentication.jwt: false',
      fix: `Set trigger.authentication.jwt to true. The policy of ${environment} is ${mode}. If callers get their JWT from this pipeline, set trigger.login to true and add a jwt.generate step instead.`,
    })
  }
  if (trigger.login && trigger.authentication.jwt) {
    violations.push({
      rule: 'login-cannot-require-jwt',
      environment,
      path: '/trigger/authentication/jwt',
      required: 'authentication.jwt: false in a login pipeline',
      found: 'authentication.jwt: true',
      fix: 'Set trigger.authentication.jwt to false. Callers of a login pipeline do not have a JWT yet.',
    })
  }
  return violations
}

/** Lists likely mistakes that do not block the deployment: so far, an exposing trigger that anyone may call. */
export function policyWarnings({
  trigger,
}: {
  readonly trigger: Pick<Trigger, 'kind' | 'authentication' | 'addressRules'>
}): Warning[] {
  const { kind, authentication, addressRules = [] } = trigger
  const { apiKey, jwt, basic } = authentication
  if (!isExposing(kind) || apiKey || jwt || basic || addressRules.length > 0) return []
  return [
    {
      rule: 'open-to-everyone',
      path: '/trigger/authentication',
      detail:
        'The trigger requires no credential, so anyone who can reach the gateway can call this pipeline. Switch on an authentication method unless that is intended.',
    },
  ]
}

function requiredAuthentication(mode: PolicyMode, login: boolean): { apiKey: boolean; jwt: boolean } {
  switch (mode) {
    case 'any':
      return { apiKey: false, jwt: false }
    case 'api-key':
      return { apiKey: true, jwt: false }
    case 'jwt':
      return { apiKey: login, jwt: !login }
    case 'jwt-and-api-key':
      return { apiKey: true, jwt: !login }
  }
}
