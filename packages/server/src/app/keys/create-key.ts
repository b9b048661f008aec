import { type CheckedLabels, type KeyRateLimits, type KeyType, NO_LABELS, type Title } from '@sallyport/core'
import type { AddressRule } from '../../address/address-rules.ts'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { isPermitted, requireMembership, requirePermission } from '../access/permission-checks.ts'
import { keyTarget } from '../access/permitted-key.ts'
import { customRolesAmong, requireCovered, requireWithinBounds, roleErrors } from '../access/roles.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import {
  issueHandOver,
  type HandedOverKey,
  type HandOverTerms,
  type KeyWithToken,
} from '../hand-overs/issue-hand-over.ts'
import { requireQuota } from '../quotas/require-quota.ts'
import type { FieldError } from '../refusals.ts'
import { conflict, invalidRequest, requireNone } from '../refusals.ts'
import { expiryErrors } from './key-expiry.ts'
import { newKey } from './new-key.ts'

/** The most keys of one consumer, not counting deleted ones. */
export const KEYS_PER_CONSUMER_MAX = 64

export interface CreateKeyInput {
  readonly organization: string
  readonly name: Title
  readonly type: KeyType
  /** Default: the environment of the consumer, or none. */
  readonly environment?: string | null | undefined
  /** A consumer's id. */
  readonly consumer?: string | null | undefined
  readonly roles?: readonly string[] | undefined
  readonly expiresAtMs?: number | null | undefined
  readonly addressRules?: readonly AddressRule[] | undefined
  readonly rateLimits?: KeyRateLimits | undefined
  readonly labels?: CheckedLabels | undefined
}

/**
 * Creates a key of a consumer or of the organization itself.
 *
 * @throws Problem `permission_missing` also if the key would have permissions or bounds that the actor lacks,
 *   `invalid_request` for an environment or a consumer that does not exist or that the actor may not read
 */
export async function createKey(context: OperationContext, input: CreateKeyInput): Promise<KeyWithToken> {
  return await create(context, input, async (_tx, created) => await Promise.resolve(created))
}

/**
 * Creates a key like `createKey`, and a link that shows its token once.
 *
 * @throws Problem also `conflict` if too many links are pending, and `invalid_request` for a public key
 */
export async function createKeyToHandOver(
  context: OperationContext,
  { handOver, ...input }: CreateKeyInput & { readonly handOver: HandOverTerms },
): Promise<HandedOverKey> {
  requireNone(handOverErrors(input.type))
  return await create(
    context,
    input,
    async (tx, created) => await issueHandOver(tx, context, created, handOver),
  )
}

async function create<Result>(
  context: OperationContext,
  input: CreateKeyInput,
  deliver: (tx: Writer, created: KeyWithToken) => Promise<Result>,
): Promise<Result> {
  const { organization, name, type, roles = [], expiresAtMs = null } = input
  requireMembership(context, organization)
  const errors = [...publicKeyErrors(input), ...expiryErrors('/expiresAt', expiresAtMs, context.nowMs())]
  const { value } = await context.store.write(async (tx) => {
    const consumer = await requestedConsumer(tx, context, input)
    const environment = consumer?.environment ?? input.environment ?? null
    requirePermission(context, organization, 'keys.create', keyTarget({ environment }))
    const custom = await customRolesAmong(tx.roles, { organization, roles })
    requireNone([...roleErrors('/roles', roles, custom), ...errors])
    await requireEnvironment(tx, organization, environment)
    if (consumer !== undefined) await requireRoom(tx, consumer, input.environment)
    requireCovered(context, { organization, roles, environment }, custom)
    await requireQuota(context, tx, organization, { keys: 1 })
    const created = newKey(context, {
      organization,
      name,
      type,
      environment,
      consumer: consumer?.id ?? null,
      roles,
      expiresAtMs,
      addressRules: [...new Set(input.addressRules)],
      rateLimits: input.rateLimits ?? [],
      labels: input.labels ?? NO_LABELS,
      age: await tx.keyAges.rules(organization, environment),
    })
    const { key } = created
    requireWithinBounds(context, 'keys.create', key)
    await tx.keys.insert(key)
    tx.audit(auditEntry(context, organization, 'keys.create', `key/${key.id}`, { after: auditedKey(key) }))
    return await deliver(tx, created)
  })
  return value
}

/** The problems of a hand-over of a key of this type. */
export function handOverErrors(type: KeyType): FieldError[] {
  if (type !== 'public') return []
  const message = 'A public key needs no hand-over: everybody who may read the key may read its token.'
  return [{ path: '/handOver', message }]
}

/** Anyone may read a public key, so it must not grant anything. */
export function publicKeyErrors({
  type,
  roles = [],
  consumer,
}: Pick<CreateKeyInput, 'type' | 'roles' | 'consumer'>): FieldError[] {
  if (type !== 'public') return []
  const errors: FieldError[] = []
  if (roles.length > 0) errors.push({ path: '/roles', message: 'A public key has no roles.' })
  if (consumer !== undefined && consumer !== null) {
    errors.push({
      path: '/consumer',
      message: 'A public key belongs to the organization, not to a consumer.',
    })
  }
  return errors
}

async function requestedConsumer(
  tx: Writer,
  context: OperationContext,
  { organization, consumer: id }: CreateKeyInput,
): Promise<ConsumerRow | undefined> {
  if (id === undefined || id === null) return undefined
  const row = await tx.consumers.get(organization, id)
  if (
    row === undefined ||
    !isPermitted(context, organization, 'consumers.read', { environment: row.environment })
  ) {
    throw invalidRequest([{ path: '/consumer', message: `There is no consumer "${id}".` }])
  }
  return row
}

async function requireEnvironment(tx: Writer, organization: string, name: string | null): Promise<void> {
  if (name !== null && (await tx.environments.get(organization, name)) === undefined) {
    throw invalidRequest([{ path: '/environment', message: `There is no environment "${name}".` }])
  }
}

/** Checks that a consumer can have one more key, and that the requested environment is the consumer's. */
async function requireRoom(
  tx: Writer,
  { organization, id, name, environment }: ConsumerRow,
  requestedEnvironment: string | null | undefined,
): Promise<void> {
  if (requestedEnvironment !== undefined && requestedEnvironment !== environment) {
    const message = `The consumer "${name}" belongs to ${environment}. Its keys belong to the same environment.`
    throw invalidRequest([{ path: '/environment', message }])
  }
  const keys = await tx.keys.allOfConsumer(organization, id)
  if (keys.length >= KEYS_PER_CONSUMER_MAX) {
    throw conflict(`A consumer has at most ${KEYS_PER_CONSUMER_MAX} keys. Delete an unused one.`)
  }
}
