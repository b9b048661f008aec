import { isExposing, type Trigger } from './pipeline-spec.ts'

/** What an environment demands of every exposing trigger. */
export const POLICY_MODES = ['any', 'api-key', 'jwt', 'jwt-and-api-key'] as const
export type PolicyMode = (typeof POLICY_MODES)[number]

/** The one policy there is so far, by its name in the API. */
export const EXTERNAL_API_ACCESS = 'external-api-access'

/** One reason why a deployment is refused: what is demanded, what was found, and how to mend it. */
export interface Violation {
  readonly rule: string
  readonly policy?: string
  readonly environment: string
  /** Where in the spec, as a JSON Pointer (RFC 6901). */
  readonly path: string
  readonly required: string
  readonly found: string
  readonly fix: string
}

/** Something a developer should know that stops nothing. */
export interface Warning {
  readonly rule: string
  readonly path: string
  readonly detail: string
}

/** The part of a version that a policy looks at. */
export interface PolicySubject {
  readonly trigger: Pick<Trigger, 'kind' | 'authentication' | 'login'>
  /** The kinds of the version's steps, in order, such as `proxy` and `jwt.generate`. */
  readonly stepKinds: readonly string[]
}

/**
 * Everything in which a version falls short of an environment's policy; empty when it conforms. A login pipeline is
 * where callers get their JWT, so it cannot ask for one: the JWT modes ask it for an API key instead.
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
  const demands = demanded(mode, trigger.login)
  if (demands.apiKey && !trigger.authentication.apiKey) {
    violations.push({
      rule: 'api-key-required',
      policy: EXTERNAL_API_ACCESS,
      environment,
      path: '/trigger/authentication/apiKey',
      required: 'authentication.apiKey: true',
      found: 'authentication.apiKey: false',
      fix: `Set trigger.authentication.apiKey to true: the policy of ${environment} is ${mode}${
        trigger.login && mode !== 'api-key' ? ', and a login pipeline meets it with an API key' : ''
      }.`,
    })
  }
  if (demands.jwt && !trigger.authentication.jwt) {
    violations.push({
      rule: 'jwt-required',
      policy: EXTERNAL_API_ACCESS,
      environment,
      path: '/trigger/authentication/jwt',
      required: 'authentication.jwt: true',
      found: 'authentication.jwt: false',
      fix: `Set trigger.authentication.jwt to true: the policy of ${environment} is ${mode}. If callers get their JWT here, set trigger.login to true and add a jwt.generate step instead.`,
    })
  }
  if (trigger.login && trigger.authentication.jwt) {
    violations.push({
      rule: 'login-cannot-require-jwt',
      environment,
      path: '/trigger/authentication/jwt',
      required: 'authentication.jwt: false in a login pipeline',
      found: 'authentication.jwt: true',
      fix: 'Set trigger.authentication.jwt to false: callers come here to get their JWT, so they have none yet.',
    })
  }
  return violations
}

/** What stops nothing but should be known: an exposing trigger that asks its callers for nothing. */
export function policyWarnings(subject: PolicySubject): Warning[] {
  const { apiKey, jwt, basic } = subject.trigger.authentication
  if (!isExposing(subject.trigger.kind) || apiKey || jwt || basic) return []
  return [
    {
      rule: 'open-to-everyone',
      path: '/trigger/authentication',
      detail: 'Nothing is asked of a caller: whoever can reach the gateway can call this pipeline.',
    },
  ]
}

function demanded(mode: PolicyMode, login: boolean): { apiKey: boolean; jwt: boolean } {
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
