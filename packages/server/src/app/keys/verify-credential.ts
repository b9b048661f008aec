import {
  checkKey,
  decide,
  isKeyId,
  jwtRefusal,
  loginKeyOf,
  NO_LABELS,
  readCredentials,
  type AddressRules,
  type Ask,
  type BasicFact,
  type Decision,
  type DeploymentRecord,
  type EntryFact,
  type EnvironmentView,
  type JwtFact,
  type KeyView,
  type RouteFact,
} from '@sallyport/core'
import { AddressSet } from '../../address/address-set.ts'
import { isPermitted, requirePermission } from '../access/permission-checks.ts'
import { keyTarget } from '../access/permitted-key.ts'
import type { FieldError } from '../refusals.ts'
import { requireNone } from '../refusals.ts'
import { newestRoute } from './newest-route.ts'
import { sentToken } from './sent-token.ts'
import type {
  MissingPart,
  VerifiedCredential,
  VerifiedKey,
  VerifyContext,
  VerifyCredentialInput,
} from './verification.ts'

/**
 * Verifies credentials with the snapshot and the decision that the gateway uses. A call to a pipeline needs everything
 * that the pipeline demands. A credential that is sent must be valid, even if the pipeline does not demand it. Nothing
 * counts towards a limit or as a use.
 *
 * A key that the actor may not know about gets the answer of a key that does not exist, whatever its state.
 *
 * @throws Problem `not_found`, `permission_missing`, `invalid_request`; `unavailable` if a fact cannot be found
 */
export async function verifyCredential(
  context: VerifyContext,
  input: VerifyCredentialInput,
): Promise<VerifiedCredential> {
  const { organization, environment } = input
  requirePermission(context, organization, 'keys.verify', environment === undefined ? {} : { environment })
  requireNone(inputErrors(input))
  return await new Verification(context, input).run()
}

function inputErrors({
  token,
  jwt,
  basic,
  environment,
  pipeline,
  path,
  host,
}: VerifyCredentialInput): FieldError[] {
  const errors: FieldError[] = []
  if (
    token === undefined &&
    jwt === undefined &&
    basic === undefined &&
    pipeline === undefined &&
    path === undefined
  ) {
    errors.push({ path: '', message: 'Send a token, a jwt or basic, or the pipeline or path of a call.' })
  }
  if (host !== undefined && path === undefined) {
    errors.push({ path: '/path', message: 'The path of the call is needed with its host.' })
  }
  const scoped = { jwt, basic, pipeline, path }
  const names = Object.entries(scoped).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (environment === undefined && names.length > 0) {
    errors.push({ path: '/environment', message: `The environment is needed with ${names.join(' and ')}.` })
  }
  return errors
}

/** One verification, at one time and on one snapshot. */
class Verification {
  readonly #context: VerifyContext
  readonly #input: VerifyCredentialInput
  readonly #nowMs: number
  readonly #sent: ReturnType<typeof sentToken>
  readonly #view: EnvironmentView | undefined
  readonly #missing = new Set<MissingPart>()

  constructor(context: VerifyContext, input: VerifyCredentialInput) {
    const { organization, environment, token } = input
    this.#context = context
    this.#input = input
    this.#nowMs = context.nowMs()
    this.#sent = sentToken(context.snapshot, token, context.importedKeyId)
    this.#view =
      environment === undefined ? undefined : context.snapshot.environment(organization, environment)
  }

  async run(): Promise<VerifiedCredential> {
    const key = this.#knownKey()
    if (this.#input.token !== undefined && key === undefined) {
      const { kind } = this.#sent.apiKey
      return this.#answer(kind === 'ambiguous' ? 'credential_ambiguous' : 'credential_invalid')
    }
    const route = this.#route()
    if (route === undefined) {
      const { reason, consumer } = await this.#checkAlone(key, { apiKey: true, basic: true, jwt: true })
      return this.#answer(reason ?? this.#permissionReason(key, undefined) ?? 'valid', key, consumer)
    }
    const decision = await this.#decide(route)
    if (decision.kind === 'deny') return this.#answer(decision.reason, key, this.#consumerOf(key))
    if (decision.kind !== 'allow') throw new Error(`a decision without a preflight is ${decision.kind}`)
    const { deployment } = decision
    const { apiKey, apiKeyOptional = false, basic, jwt } = deployment.spec.trigger.authentication
    const unused = { apiKey: !apiKey && !apiKeyOptional, basic: !basic, jwt: !jwt }
    const alone = await this.#checkAlone(key, unused)
    const consumer = decision.principal.consumer ?? alone.consumer
    return this.#answer(alone.reason ?? this.#permissionReason(key, deployment) ?? 'valid', key, consumer)
  }

  #answer(code: string, key?: KeyView, consumer: string | null = null): VerifiedCredential {
    return {
      valid: code === 'valid',
      code,
      missing: [...this.#missing],
      key: key === undefined ? null : this.#described(key),
      consumer: this.#isOurs(consumer) ? consumer : null,
      asOfRevision: this.#context.snapshot.revision,
    }
  }

  /** The key whose secret was sent, if the actor may know about it: before anything about its state. */
  #knownKey(): KeyView | undefined {
    const { apiKey, digest, foreignKeyId } = this.#sent
    const id = apiKey.kind === 'token' ? apiKey.parsed.keyId : foreignKeyId
    if (id === null || digest === null) return undefined
    const { organization } = this.#input
    const { snapshot } = this.#context
    const key = snapshot.keys.find(id)
    if (key === undefined || key.findSecret(digest) < 0) return undefined
    const isOurs = key.organization === organization
    if (!isOurs && snapshot.externalKey(organization, key.id)?.active !== true) return undefined
    const target = isOurs ? keyTarget(key) : {}
    return isPermitted(this.#context, organization, 'keys.verify', target) ? key : undefined
  }

  #rolesHere(key: KeyView): readonly string[] {
    const { organization } = this.#input
    if (key.organization === organization) return key.isPublic ? [] : key.roles
    return this.#context.snapshot.externalKey(organization, key.id)?.roles ?? []
  }

  /** Whether a consumer belongs here: another organization must not learn the consumers of the owner of a key. */
  #isOurs(consumer: string | null): boolean {
    return (
      consumer !== null &&
      this.#context.snapshot.consumer(consumer)?.organization === this.#input.organization
    )
  }

  #consumerOf(key: KeyView | undefined): string | null {
    return key !== undefined && key.organization === this.#input.organization ? key.consumer : null
  }

  #described(key: KeyView): VerifiedKey {
    const isOurs = key.organization === this.#input.organization
    return {
      id: key.id,
      isPublic: key.isPublic,
      organization: key.organization,
      environment: isOurs ? key.environment : null,
      consumer: this.#consumerOf(key),
      roles: this.#rolesHere(key),
      labels: isOurs ? key.rules.labels : NO_LABELS,
    }
  }

  /** The route of the call; undefined if the request names neither a pipeline nor a path. */
  #route(): RouteFact | undefined {
    const { method: sent, path, host, pipeline } = this.#input
    const method = sent?.toUpperCase()
    if (path === undefined) {
      return pipeline === undefined ? undefined : newestRoute(this.#view, pipeline, method)
    }
    const route = this.#context.facts.route(this.#view, method, path, host)
    const isOther = route.kind === 'found' && pipeline !== undefined && route.deployment.pipeline !== pipeline
    return isOther ? { kind: 'not_found' } : route
  }

  /** The gateway's decision on the call, which is never a preflight and within every limit. */
  async #decide(route: RouteFact): Promise<Decision> {
    const { token, jwt, basic } = this.#input
    if (route.kind === 'found') {
      const { authentication } = route.deployment.spec.trigger
      if (authentication.apiKey && token === undefined) this.#missing.add('token')
      if (authentication.jwt && jwt === undefined) this.#missing.add('jwt')
      if (authentication.basic && basic === undefined) this.#missing.add('basic')
    }
    const { snapshot } = this.#context
    const ask: Ask = {
      route,
      preflight: false,
      ...this.#sent,
      limit: { kind: 'within' },
    }
    const facts: { entry?: EntryFact; addressAllowed?: boolean; basic?: BasicFact; jwt?: JwtFact } = {}
    let decision = decide(snapshot, ask, this.#nowMs)
    // Terminates: the decision asks for each fact at most once.
    while (decision.kind === 'needs') {
      if (decision.fact === 'entry') facts.entry = this.#entryOf(decision.deployment)
      else if (decision.fact === 'address') facts.addressAllowed = this.#isAddressIn(decision)
      else if (decision.fact === 'basic') facts.basic = await this.#basicFact()
      else facts.jwt = await this.#jwtFact()
      decision = decide(snapshot, { ...ask, ...facts }, this.#nowMs)
    }
    return decision
  }

  async #basicFact(): Promise<BasicFact> {
    const { organization, environment, basic } = this.#input
    if (basic === undefined || environment === undefined) return { kind: 'missing' }
    return await this.#context.facts.basic(this.#context.snapshot, { organization, environment, ...basic })
  }

  async #jwtFact(): Promise<JwtFact> {
    const { jwt } = this.#input
    if (jwt === undefined) return { kind: 'missing' }
    const claim = readCredentials(['x-access-token', jwt]).jwt
    if (claim.kind !== 'token') return claim
    if (this.#view === undefined) return { kind: 'invalid' }
    return await this.#context.facts.jwt(this.#view, claim.token, this.#nowMs)
  }

  /** Checks sent credentials that no pipeline demands: each by itself, and whether they identify one consumer. */
  async #checkAlone(
    key: KeyView | undefined,
    kinds: { readonly apiKey: boolean; readonly basic: boolean; readonly jwt: boolean },
  ): Promise<{ readonly reason: string | undefined; readonly consumer: string | null }> {
    const { basic, jwt } = this.#input
    let consumer = this.#consumerOf(key)
    const refused = (reason: string) => ({ reason, consumer })
    if (kinds.apiKey && key !== undefined) {
      const reason = this.#keyReason(key)
      if (reason !== undefined) return refused(reason)
    }
    if (kinds.basic && basic !== undefined) {
      const fact = await this.#basicFact()
      const known = fact.kind === 'valid' ? this.#context.snapshot.consumer(fact.consumer) : undefined
      if (known?.active !== true || known.organization !== this.#input.organization) {
        return refused('basic_invalid')
      }
      if (consumer !== null && consumer !== known.id) return refused('basic_invalid')
      consumer = known.id
    }
    if (kinds.jwt && jwt !== undefined) {
      const fact = await this.#jwtFact()
      const reason = this.#jwtReason(fact, key, consumer)
      if (reason !== undefined) return refused(reason)
      if (fact.kind === 'valid' && fact.mintedFor !== null && !isKeyId(fact.mintedFor)) {
        consumer = fact.mintedFor
      }
    }
    return { reason: undefined, consumer }
  }

  #keyReason(key: KeyView): string | undefined {
    const { apiKey, digest, foreignKeyId } = this.#sent
    const checked = checkKey(this.#context.snapshot, apiKey, digest, this.#nowMs, foreignKeyId)
    if (typeof checked === 'string') return checked
    if (checked.refusal !== undefined) return checked.refusal
    const { organization, environment } = this.#input
    const bound = key.organization === organization ? key.environment : null
    if (environment !== undefined && bound !== null && bound !== environment) return 'key_wrong_environment'
    return this.#isAddressIn(this.#addressRulesOf(key)) ? undefined : 'address_not_allowed'
  }

  #jwtReason(fact: JwtFact, key: KeyView | undefined, consumer: string | null): string | undefined {
    if (fact.kind === 'ambiguous') return 'credential_ambiguous'
    if (fact.kind === 'expired') return 'token_expired'
    const { organization, environment } = this.#input
    if (fact.kind !== 'valid' || environment === undefined) return 'token_invalid'
    const { snapshot } = this.#context
    const refusal = jwtRefusal(snapshot, fact, { organization, environment }, this.#nowMs)
    if (refusal !== null) return refusal
    const { mintedFor } = fact
    const other = consumer ?? key?.id ?? null
    if (mintedFor !== null && other !== null && mintedFor !== other && mintedFor !== key?.id) {
      return 'token_wrong_consumer'
    }
    // The address rules of the key that logged in apply to its JWTs too.
    const loginId = loginKeyOf(fact)
    const loginKey = loginId === null ? undefined : snapshot.keys.find(loginId)
    if (loginKey === undefined || this.#isAddressIn(this.#addressRulesOf(loginKey))) return undefined
    return 'address_not_allowed'
  }

  /** Checks the permission for the call, or for the environment, by the key's roles here: its own, or an external key's. */
  #permissionReason(key: KeyView | undefined, deployment: DeploymentRecord | undefined): string | undefined {
    const { organization, environment, permission } = this.#input
    if (permission === undefined) return undefined
    if (key === undefined) return 'permission_missing'
    // A key that is bound to an environment has its roles there only.
    const bound = key.organization === organization ? key.environment : null
    if (bound !== null && bound !== environment) return 'permission_missing'
    const target = deployment ?? (environment === undefined ? {} : { environment })
    const { snapshot } = this.#context
    return snapshot.rolesPermit(organization, this.#rolesHere(key), permission, target)
      ? undefined
      : 'permission_missing'
  }

  /** The key's own address rules and, for a key of another organization, those that it has here. */
  #addressRulesOf(key: KeyView): AddressRules {
    const { organization } = this.#input
    const external =
      key.organization === organization ? undefined : this.#context.snapshot.externalKey(organization, key.id)
    return { rules: key.rules.addressRules, externalKeyRules: external?.addressRules ?? [] }
  }

  /** How the address stands to the rules of a trigger; an unknown one is neither admitted nor exempt. */
  #entryOf({ spec }: DeploymentRecord): EntryFact {
    const { address } = this.#input
    const { addressRules = [], maintenance } = spec.trigger
    if (address === undefined) this.#missing.add('address')
    const isIn = (ranges: readonly string[]): boolean =>
      address !== undefined && new AddressSet(ranges).has(address)
    return { isAdmitted: isIn(addressRules), isExempt: isIn(maintenance?.exceptAddresses ?? []) }
  }

  /** Whether the address is within the rules; if there are any, an unknown address is not. */
  #isAddressIn({ rules, externalKeyRules }: AddressRules): boolean {
    const { address } = this.#input
    const lists = [rules, externalKeyRules].filter((ranges) => ranges.length > 0)
    if (lists.length === 0) return true
    if (address !== undefined) return lists.every((ranges) => new AddressSet(ranges).has(address))
    this.#missing.add('address')
    return false
  }
}
