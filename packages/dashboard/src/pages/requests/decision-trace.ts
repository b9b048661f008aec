import type { DecidedRequest } from '@sallyport/sdk'
import { ALLOWED, isRefusalCode, REFUSED_AT } from './outcome.ts'

/** What a version of a pipeline demands of its callers. */
export interface Demands {
  readonly apiKey: boolean | 'optional'
  readonly basic: boolean
  readonly jwt: boolean
}

export type CheckName = 'received' | (typeof REFUSED_AT)[keyof typeof REFUSED_AT] | 'answer'

/** `passedOrNotDemanded`: what the version demands is not known here, so only one of both is certain. */
export type CheckResult = 'passed' | 'refused' | 'notReached' | 'notDemanded' | 'passedOrNotDemanded'

export interface Check {
  readonly name: CheckName
  readonly result: CheckResult
}

const OF_KEY = ['apiKey', 'state', 'environment', 'address', 'association'] as const
const OPTIONAL: readonly CheckName[] = [...OF_KEY, 'basic', 'jwt']

/** The checks in their order. Without an API key, the address is that of the key which logged in: it is known with the JWT. */
function orderOf(demands: Demands | undefined): readonly CheckName[] {
  const ofKey: readonly CheckName[] = demands?.apiKey === false ? ['apiKey'] : OF_KEY
  const ofLogin: readonly CheckName[] = demands?.apiKey === false && demands.jwt ? ['address'] : []
  return ['received', 'route', 'entry', ...ofKey, 'basic', 'jwt', ...ofLogin, 'limits', 'answer']
}

/** At which check a request ended that was not served. */
function endOf({ code, key, pipeline }: TracedRequest, demands: Demands | undefined): CheckName {
  if (!isRefusalCode(code)) return pipeline === null ? 'received' : 'answer'
  // A verified key means that the ambiguous credential was the JWT.
  if (code === 'credential_ambiguous' && key !== null) return 'jwt'
  const at = REFUSED_AT[code]
  const isOfKey = at === 'apiKey' || at === 'environment' || at === 'association'
  return demands?.apiKey === false && isOfKey ? 'jwt' : at
}

type TracedRequest = Pick<DecidedRequest, 'code' | 'key' | 'pipeline' | 'end'>

/**
 * The checks of a request, as its code shows them: they have one order, and the first that fails decides. Those before it
 * were passed, and those after it were not reached.
 *
 * @param demands of the version that decided; undefined if it is not known
 */
export function traceOf(request: TracedRequest, demands: Demands | undefined): readonly Check[] {
  const order = orderOf(demands)
  const isServed = request.code === ALLOWED
  const last = isServed ? order.length : order.indexOf(endOf(request, demands))
  return order.map((name, index) => {
    if (index === last) return { name, result: 'refused' }
    if (index > last) return { name, result: 'notReached' }
    return { name, result: passed(name, demands) }
  })
}

function passed(name: CheckName, demands: Demands | undefined): CheckResult {
  if (demands === undefined) return OPTIONAL.includes(name) ? 'passedOrNotDemanded' : 'passed'
  if (demands.apiKey === 'optional' && OF_KEY.some((each) => each === name)) return 'passedOrNotDemanded'
  if (name === 'apiKey' || name === 'basic' || name === 'jwt') return demands[name] ? 'passed' : 'notDemanded'
  return 'passed'
}

/** What a stored spec demands; undefined for one that says nothing about it. */
export function demandsOf(spec: unknown): Demands | undefined {
  const authentication = memberOf(memberOf(spec, 'trigger'), 'authentication')
  if (authentication === undefined) return undefined
  const isOn = (name: string): boolean => memberOf(authentication, name) === true
  const isOptional = memberOf(authentication, 'apiKey') === 'optional'
  return { apiKey: isOptional ? 'optional' : isOn('apiKey'), basic: isOn('basic'), jwt: isOn('jwt') }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Readonly<Record<string, unknown>>)[name]
}
