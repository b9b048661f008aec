import type { KeyType, RateLimit } from '@sallyport/core'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { Writer } from '../../store/port/store.ts'
import { isPermitted, requireMembership, requirePermission } from '../access/permission-checks.ts'
import { readAddressRules } from './address-rules.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { keyTarget } from '../access/permitted-key.ts'
import { expiryErrors, rateLimitErrors } from './key-fields.ts'
import { titleErrors } from '../names.ts'
import { newKey } from './new-key.ts'
import type { FieldError } from '../refusals.ts'
import { conflict, invalidRequest, requireNone } from '../refusals.ts'
import { requireCovered, roleErrors } from '../access/roles.ts'

/** The most keys of one consumer that are not deleted. */
export const KEYS_PER_CONSUMER_MAX = 64

export interface CreateKeyInput {
  readonly organization: string
  readonly name: string
  readonly type: KeyType
  /** The consumer's own where there is a consumer. */
  readonly environment?: string | null | undefined
  /** A consumer's id. */
  readonly consumer?: string | null | undefined
  readonly roles?: readonly string[] | undefined
  readonly expiresAtMs?: number | null | undefined
  readonly addressRules?: readonly string[] | undefined
  readonly rateLimits?: readonly RateLimit[] | undefined
}
export interface CreatedKey {
  readonly key: KeyRow
  /** Shown this once, unless the key is public. */
  readonly token: string
}

/**
 * Makes a key, of a consumer or of the organization itself.
 *
 * @throws Problem `permission_missing` also for roles that permit what the actor lacks, `invalid_request` for an
 *   environment or a consumer that the actor does not know
 */
export async function createKey(context: OperationContext, input: CreateKeyInput): Promise<CreatedKey> {
  const { organization, name, type, roles = [], expiresAtMs = null, rateLimits = [] } = input
  requireMembership(context, organization)
  const address = readAddressRules('/addressRules', input.addressRules ?? [])
  const errors = [
    ...titleErrors('/name', name),
    ...roleErrors('/roles', roles),
    ...publicKeyErrors(input),
    ...expiryErrors('/expiresAt', expiresAtMs, context.nowMs()),
    ...address.errors,
    ...rateLimitErrors('/rateLimits', rateLimits),
  ]
  const { value } = await context.store.write(async (tx) => {
    const consumer = await requestedConsumer(tx, context, input)
    const environment = consumer?.environment ?? input.environment ?? null
    requirePermission(context, organization, 'keys.create', keyTarget({ environment }))
    requireNone(errors)
    await requirePlace(tx, organization, environment, consumer, input.environment)
    requireCovered(context, { organization, roles, environment })
    const made = newKey(context, {
      organization,
      name,
      type,
      environment,
      consumer: consumer?.id ?? null,
      roles,
      expiresAtMs,
      addressRules: address.rules,
      rateLimits,
    })
    await tx.keys.insert(made.key)
    tx.audit(
      auditEntry(context, organization, 'keys.create', `key/${made.key.id}`, { after: auditedKey(made.key) }),
    )
    return made
  })
  return value
}

/** A public key may be read by anybody, so it must open nothing by itself. */
function publicKeyErrors({ type, roles = [], consumer }: CreateKeyInput): FieldError[] {
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

async function requirePlace(
  tx: Writer,
  organization: string,
  environment: string | null,
  consumer: ConsumerRow | undefined,
  asked: string | null | undefined,
): Promise<void> {
  if (environment !== null && (await tx.environments.get(organization, environment)) === undefined) {
    throw invalidRequest([{ path: '/environment', message: `There is no environment "${environment}".` }])
  }
  if (consumer === undefined) return
  if (asked !== undefined && asked !== consumer.environment) {
    const message = `The consumer "${consumer.name}" lives in ${consumer.environment}, and so do its keys.`
    throw invalidRequest([{ path: '/environment', message }])
  }
  const keys = await tx.keys.allOfConsumer(organization, consumer.id)
  if (keys.filter((key) => key.deletedAtMs === null).length >= KEYS_PER_CONSUMER_MAX) {
    throw conflict(`A consumer has at most ${KEYS_PER_CONSUMER_MAX} keys. Delete one that is not used.`)
  }
}
