import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import { requestedPipelines } from './consumer-pipelines.ts'
import type { OperationContext } from '../access/context.ts'
import { descriptionErrors, titleErrors } from '../names.ts'
import { newId } from '../new-id.ts'
import { newKey } from '../keys/new-key.ts'
import { conflict, invalidRequest, requireNone } from '../refusals.ts'

export interface CreateConsumerInput {
  readonly organization: string
  readonly name: string
  readonly description?: string | null | undefined
  readonly environment: string
  /** Names of the pipelines that it may call. */
  readonly pipelines?: readonly string[] | undefined
}
export interface CreatedConsumer {
  readonly consumer: ConsumerRow
  /** Its first API key, which bears its name. */
  readonly key: KeyRow
  /** Shown this once. */
  readonly token: string
}

/**
 * Makes a consumer with its first API key.
 *
 * @throws Problem `conflict` when the environment has a consumer of that name, `invalid_request` for an environment
 *   or a pipeline that the actor does not know
 */
export async function createConsumer(
  context: OperationContext,
  input: CreateConsumerInput,
): Promise<CreatedConsumer> {
  const { organization, name, description = null, environment } = input
  requirePermission(context, organization, 'consumers.write', { environment })
  requirePermission(context, organization, 'keys.create', { environment })
  requireNone([...titleErrors('/name', name), ...descriptionErrors('/description', description)])
  const { value } = await context.store.write(async (tx) => {
    if ((await tx.environments.get(organization, environment)) === undefined) {
      throw invalidRequest([{ path: '/environment', message: `There is no environment "${environment}".` }])
    }
    if ((await tx.consumers.getByName(organization, environment, name)) !== undefined) {
      throw conflict(`There is a consumer "${name}" in ${environment} already.`)
    }
    const asked = input.pipelines ?? []
    const pipelines = await requestedPipelines(context, tx.pipelines, organization, environment, asked)
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
    const made = newKey(context, { organization, name, type: 'secret', environment, consumer: consumer.id })
    await tx.consumers.insert(consumer)
    await tx.keys.insert(made.key)
    tx.audit(
      auditEntry(context, organization, 'consumers.create', `consumer/${consumer.id}`, { after: consumer }),
    )
    tx.audit(
      auditEntry(context, organization, 'keys.create', `key/${made.key.id}`, { after: auditedKey(made.key) }),
    )
    return { consumer, ...made }
  })
  return value
}
