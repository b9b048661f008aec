import {
  decide,
  checkKey,
  readCredentials,
  type Ask,
  type DeploymentRecord,
  type KeyView,
  type Permission,
  type RouteFact,
  type Snapshot,
} from '@sallyport/core'
import { AddressSet } from '../../address/address-set.ts'
import { tokenDigestBytes } from '../../crypto/digest.ts'
import { requirePermission } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'

export interface VerifyCredentialInput {
  readonly organization: string
  readonly token: string
  readonly environment?: string | undefined
  /** A pipeline's name; needs `environment`. */
  readonly pipeline?: string | undefined
  /** A permission that the key's roles must grant as well. */
  readonly permission?: Permission | undefined
  /** The HTTP method of the call to the pipeline. */
  readonly method?: string | undefined
  /** The caller's address; a key with address rules is invalid without it. */
  readonly address?: string | undefined
}

export interface VerifiedCredential {
  readonly valid: boolean
  /** `valid`, or the code with which the gateway would refuse the call. */
  readonly code: string
  /** The key, if the token contains one of its secrets. */
  readonly key: KeyView | null
  readonly asOfRevision: number
}

/**
 * Verifies a token with the snapshot and the decision that the gateway uses. It counts towards no limit and no usage.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export function verifyCredential(
  context: Pick<OperationContext, 'actor' | 'nowMs'> & { readonly snapshot: Snapshot },
  input: VerifyCredentialInput,
): VerifiedCredential {
  const { snapshot } = context
  const { organization, token, environment, pipeline } = input
  requirePermission(context, organization, 'keys.verify', environment === undefined ? {} : { environment })
  const { apiKey } = readCredentials(['x-api-key', token])
  const digest = apiKey.kind === 'token' ? tokenDigestBytes(token) : null
  const nowMs = context.nowMs()
  const checked = checkKey(snapshot, apiKey, digest, nowMs)
  const answer = (code: string, key: KeyView | null): VerifiedCredential => ({
    valid: code === 'valid',
    code,
    key,
    asOfRevision: snapshot.revision,
  })
  if (typeof checked === 'string') return answer(checked, null)
  const { key } = checked
  // A key of another organization is unknown here unless it was added as an external key.
  if (key.organization !== organization && snapshot.externalKey(organization, key.id)?.active !== true) {
    return answer('credential_invalid', null)
  }
  const reason =
    pipeline === undefined || environment === undefined
      ? keyReason(key, input)
      : callReason(snapshot, { apiKey, digest }, input, { environment, pipeline }, nowMs)
  return answer(reason ?? permissionReason(snapshot, key, input) ?? 'valid', key)
}

/** Why the key is refused when the request names no pipeline; undefined if it is valid. */
function keyReason(
  key: KeyView,
  { organization, environment, address }: VerifyCredentialInput,
): string | undefined {
  const bound = key.organization === organization ? key.environment : null
  if (environment !== undefined && bound !== null && bound !== environment) return 'key_wrong_environment'
  return addressInRules(key.rules.addressRules, address) ? undefined : 'address_not_allowed'
}

/** Why the pipeline would refuse the key; other credentials that the pipeline demands are ignored. */
function callReason(
  snapshot: Snapshot,
  credential: Pick<Ask, 'apiKey' | 'digest'>,
  { organization, method, address }: VerifyCredentialInput,
  called: { readonly environment: string; readonly pipeline: string },
  nowMs: number,
): string | undefined {
  const route = findRoute(snapshot, organization, called, method)
  const ask: Ask = { ...credential, route, preflight: false, limit: { kind: 'within' } }
  let decision = decide(snapshot, ask, nowMs)
  if (decision.kind === 'needs' && decision.fact === 'address') {
    decision = decide(snapshot, { ...ask, addressAllowed: addressInRules(decision.rules, address) }, nowMs)
  }
  return decision.kind === 'deny' ? decision.reason : undefined
}

/** The newest live deployment of the pipeline, as if it demanded only an API key. */
function findRoute(
  snapshot: Snapshot,
  organization: string,
  { environment, pipeline }: { readonly environment: string; readonly pipeline: string },
  method: string | undefined,
): RouteFact {
  const live = [...(snapshot.environment(organization, environment)?.deployments.values() ?? [])].filter(
    (deployment) => deployment.pipeline === pipeline,
  )
  if (live.length === 0) return { kind: 'not_found' }
  const allowing =
    method === undefined
      ? live
      : live.filter(({ spec }) => spec.trigger.methods.includes(method.toUpperCase()))
  const newest = allowing.toSorted((left, right) => majorOf(right) - majorOf(left))[0]
  if (newest === undefined) {
    return { kind: 'method_not_allowed', allowed: live.flatMap(({ spec }) => spec.trigger.methods) }
  }
  const trigger = { ...newest.spec.trigger, authentication: { apiKey: true, jwt: false, basic: false } }
  return { kind: 'found', deployment: { ...newest, spec: { ...newest.spec, trigger } } }
}

function majorOf({ version }: DeploymentRecord): number {
  return Number.parseInt(version, 10)
}

/** Checks the permission against the key's roles in this organization: its own, or those of an external key. */
function permissionReason(
  snapshot: Snapshot,
  key: KeyView,
  { organization, environment, pipeline, permission }: VerifyCredentialInput,
): string | undefined {
  if (permission === undefined) return undefined
  const roles =
    key.organization === organization ? key.roles : (snapshot.externalKey(organization, key.id)?.roles ?? [])
  const target = {
    ...(environment === undefined ? {} : { environment }),
    ...(pipeline === undefined ? {} : { pipeline }),
  }
  return snapshot.rolesPermit(organization, roles, permission, target) ? undefined : 'permission_missing'
}

/** Whether an address is in a key's ranges; if there are ranges, an unknown address is not. */
function addressInRules(rules: readonly string[], address: string | undefined): boolean {
  return rules.length === 0 || (address !== undefined && new AddressSet(rules).has(address))
}
