import {
  type CheckedLabels,
  type ConsumerName,
  type Description,
  type KeyRateLimits,
  NO_LABELS,
  type Title,
} from '@sallyport/core'
import type { AddressRule } from '../../address/address-rules.ts'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { requireWithinBounds } from '../access/roles.ts'
import { newId } from '../new-id.ts'
import { expiryErrors } from '../keys/key-expiry.ts'
import { newKey } from '../keys/new-key.ts'
import { requireQuota } from '../quotas/require-quota.ts'
import { conflict, invalidRequest, requireNone } from '../refusals.ts'
import { requirePlan } from '../plans/requested-plan.ts'
import { requestedAssociations } from './requested-associations.ts'

export interface CreateConsumerInput {
  readonly organization: string
  readonly name: ConsumerName
  readonly title?: Title | null | undefined
  readonly description?: Description | null | undefined
  readonly environment: string
  /** The names of the pipelines that it may call. */
  readonly pipelines?: readonly string[] | undefined
  /** The names of the projects of which it may call every pipeline. */
  readonly projects?: readonly string[] | undefined
  readonly labels?: CheckedLabels | undefined
  /** The name of a plan of the environment; null for none. */
  readonly plan?: string | null | undefined
  /** What limits its first key; nothing by default. */
  readonly key?: FirstKeyBounds | undefined
}

interface FirstKeyBounds {
  readonly expiresAtMs?: number | null | undefined
  readonly addressRules?: readonly AddressRule[] | undefined
  readonly rateLimits?: KeyRateLimits | undefined
}

export interface CreatedConsumer {
  readonly consumer: ConsumerRow
  /** Its first API key, which has the same name. */
  readonly key: KeyRow
  /** Shown only once. */
  readonly token: string
}

/**
 * Creates a consumer with its first API key.
 *
 * @throws Problem `conflict` if the environment has a consumer of that name in any case, `invalid_request` for an environment, a
 *   plan, a pipeline or a project that does not exist or that the actor may not read, `permission_missing` also if the first key would have
 *   bounds that the actor lacks
 */
export async function createConsumer(
  context: OperationContext,
  input: CreateConsumerInput,
): Promise<CreatedConsumer> {
  const {
    organization,
    name,
    title = null,
    description = null,
    environment,
    plan = null,
    key: bounds = {},
  } = input
  const { expiresAtMs = null, addressRules = [], rateLimits = [] } = bounds
  const errors = expiryErrors('/key/expiresAt', expiresAtMs, context.nowMs())
  const { value } = await context.store.write(async (tx) => {
    requirePermission(context, organization, 'consumers.write', { environment })
    requirePermission(context, organization, 'keys.create', { environment })
    requireNone(errors)
    if ((await tx.environments.get(organization, environment)) === undefined) {
      throw invalidRequest([{ path: '/environment', message: `There is no environment "${environment}".` }])
    }
    const namesake = await tx.consumers.getByName(organization, environment, name)
    if (namesake !== undefined) {
      throw conflict(
        `A consumer named "${namesake.name}" already exists in ${environment}. Choose another name.`,
      )
    }
    const { pipelines = [], projects = [] } = input
    const place = { organization, environment }
    const associations = await requestedAssociations(context, tx, place, { pipelines, projects })
    await requirePlan(tx, place, plan)
    await requireQuota(context, tx, organization, { consumers: 1, keys: 1 })
    const consumer: ConsumerRow = {
      organization,
      id: newId('con', context.randomBytes),
      name,
      title,
      description,
      environment,
      active: true,
      ...associations,
      labels: input.labels ?? NO_LABELS,
      plan,
      createdAtMs: context.nowMs(),
      createdBy: context.actor.id,
    }
    const created = newKey(context, {
      organization,
      name,
      type: 'secret',
      environment,
      consumer: consumer.id,
      expiresAtMs,
      addressRules: [...new Set(addressRules)],
      rateLimits,
      age: await tx.keyAges.rules(organization, environment),
    })
    requireWithinBounds(context, 'keys.create', created.key)
    await tx.consumers.insert(consumer)
    await tx.keys.insert(created.key)
    tx.audit(
      auditEntry(context, organization, 'consumers.create', `consumer/${consumer.id}`, { after: consumer }),
    )
    tx.audit(
      auditEntry(context, organization, 'keys.create', `key/${created.key.id}`, {
        after: auditedKey(created.key),
      }),
    )
    return { consumer, ...created }
  })
  return value
}
