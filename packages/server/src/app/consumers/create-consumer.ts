import type { ConsumerName, Description } from '@sallyport/core'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import { requireWithinBounds } from '../access/roles.ts'
import { newId } from '../new-id.ts'
import { newKey } from '../keys/new-key.ts'
import { requireQuota } from '../quotas/require-quota.ts'
import { conflict, invalidRequest } from '../refusals.ts'
import { requestedPipelines } from './requested-pipelines.ts'

export interface CreateConsumerInput {
  readonly organization: string
  readonly name: ConsumerName
  readonly description?: Description | null | undefined
  readonly environment: string
  /** The names of the pipelines that it may call. */
  readonly pipelines?: readonly string[] | undefined
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
 * @throws Problem `conflict` if the environment has a consumer of that name, `invalid_request` for an environment or a
 *   pipeline that does not exist or that the actor may not read, `permission_missing` also for an actor whose own key
 *   ends or is limited, because the first key never ends and has no limits
 */
export async function createConsumer(
  context: OperationContext,
  input: CreateConsumerInput,
): Promise<CreatedConsumer> {
  const { organization, name, description = null, environment } = input
  const { value } = await context.store.write(async (tx) => {
    requirePermission(context, organization, 'consumers.write', { environment })
    requirePermission(context, organization, 'keys.create', { environment })
    requireWithinBounds(context, 'keys.create', NO_BOUNDS)
    if ((await tx.environments.get(organization, environment)) === undefined) {
      throw invalidRequest([{ path: '/environment', message: `There is no environment "${environment}".` }])
    }
    if ((await tx.consumers.getByName(organization, environment, name)) !== undefined) {
      throw conflict(`A consumer named "${name}" already exists in ${environment}. Choose another name.`)
    }
    const names = input.pipelines ?? []
    const pipelines = await requestedPipelines(context, tx.pipelines, organization, environment, names)
    await requireQuota(context, tx, organization, { consumers: 1, keys: 1 })
    const consumer: ConsumerRow = {
      organization,
      id: newId('con', context.randomBytes),
      name,
      description,
      environment,
      active: true,
      pipelines,
      createdAtMs: context.nowMs(),
      createdBy: context.actor.id,
    }
    const created = newKey(context, {
      organization,
      name,
      type: 'secret',
      environment,
      consumer: consumer.id,
    })
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
