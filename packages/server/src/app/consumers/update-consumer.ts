import { isDeepStrictEqual } from 'node:util'
import { type CheckedLabels, type Description, PIPELINES_PER_CONSUMER_MAX, type Title } from '@sallyport/core'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { Writer } from '../../store/port/store.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { permittedConsumer } from '../access/permitted-consumer.ts'
import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import { customRolesAmong, requireCovered, requireWithinBounds } from '../access/roles.ts'
import { notFound } from '../access/permission-checks.ts'
import { conflict } from '../refusals.ts'
import { requireNoOwnLimits } from '../plans/looser-limits.ts'
import { requirePlan } from '../plans/requested-plan.ts'
import { requestedPipelines } from './requested-pipelines.ts'

export interface UpdateConsumerInput {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
  readonly title?: Title | null | undefined
  readonly description?: Description | null | undefined
  /** The complete new list of pipelines that it may call. */
  readonly pipelines?: readonly string[] | undefined
  /** All labels that it has afterwards. */
  readonly labels?: CheckedLabels | undefined
  /** The name of a plan of its environment; null for none. */
  readonly plan?: string | null | undefined
  readonly status?: 'active' | 'inactive' | undefined
}
export interface UpdatedConsumer {
  readonly consumer: ConsumerRow
  readonly revision: number
}

/**
 * Updates the title and description of a consumer, its pipelines, labels and plan, and whether its credentials work.
 *
 * @throws Problem `permission_missing` also if a credential of the consumer could do more with it than the actor may, or
 *   longer, or from more addresses, or if the actor has rate limits of its own and the consumer a plan that is changed
 */
export async function updateConsumer(
  context: OperationContext,
  input: UpdateConsumerInput,
): Promise<UpdatedConsumer> {
  return await changeConsumer(context, input, () => input)
}

/** A consumer and one pipeline that it may call, or not. */
export interface AssociationInput {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
  readonly pipeline: string
}

/** Lets a consumer call one more pipeline. Others that were added meanwhile stay. */
export async function addConsumerPipeline(
  context: OperationContext,
  input: AssociationInput,
): Promise<UpdatedConsumer> {
  const withOneMore = ({ pipelines }: ConsumerRow): { pipelines?: readonly string[] } => {
    if (pipelines.includes(input.pipeline)) return {}
    if (pipelines.length >= PIPELINES_PER_CONSUMER_MAX) {
      throw conflict(
        `A consumer may call at most ${PIPELINES_PER_CONSUMER_MAX} pipelines. Remove one, or make another consumer.`,
      )
    }
    return { pipelines: [...pipelines, input.pipeline] }
  }
  return await changeConsumer(context, input, withOneMore, () => '/pipeline')
}

/** Ends that a consumer may call a pipeline. @throws Problem `not_found` if it may not call it */
export async function removeConsumerPipeline(
  context: OperationContext,
  input: AssociationInput,
): Promise<UpdatedConsumer> {
  return await changeConsumer(context, input, ({ name, pipelines }) => {
    if (!pipelines.includes(input.pipeline)) {
      throw notFound(`pipeline "${input.pipeline}" among those that ${name} may call`)
    }
    return { pipelines: pipelines.filter((pipeline) => pipeline !== input.pipeline) }
  })
}

async function changeConsumer(
  context: OperationContext,
  { organization, consumer }: Pick<UpdateConsumerInput, 'organization' | 'consumer'>,
  changesOf: (before: ConsumerRow) => Omit<UpdateConsumerInput, 'organization' | 'consumer'>,
  pathOf?: (index: number) => string,
): Promise<UpdatedConsumer> {
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await permittedConsumer(context, tx.consumers, organization, consumer, 'consumers.write')
    const {
      title = before.title,
      description = before.description,
      pipelines,
      labels = before.labels,
      plan = before.plan,
      status,
    } = changesOf(before)
    const naming = { known: before.pipelines, ...(pathOf !== undefined && { pathOf }) }
    await requestedPipelines(context, tx.pipelines, organization, before.environment, pipelines ?? [], naming)
    if (plan !== before.plan) await requirePlan(tx, before, plan)
    const isMore = pipelines?.some((name) => !before.pipelines.includes(name)) === true
    const after: ConsumerRow = {
      ...before,
      title,
      description,
      active: status === undefined ? before.active : status === 'active',
      pipelines: pipelines === undefined ? before.pipelines : [...new Set(pipelines)],
      labels,
      plan,
    }
    // What changes nothing is neither written nor recorded.
    if (isDeepStrictEqual(after, before)) return before
    if (after.active && !before.active) await requireRevivable(context, tx, before)
    else if (after.active && isMore) await requireWithinItsBounds(context, tx, before)
    if (before.plan !== null && after.plan !== before.plan) requireNoOwnLimits(context)
    await tx.consumers.update(after)
    tx.audit(
      auditEntry(context, organization, 'consumers.update', `consumer/${before.id}`, { before, after }),
    )
    return after
  })
  return { consumer: value, revision }
}

/** Switching a consumer on revives all its credentials: the actor must be able to give each of them. */
async function requireRevivable(
  context: OperationContext,
  tx: Writer,
  { organization, id, environment }: ConsumerRow,
): Promise<void> {
  const keys = await tx.keys.allOfConsumer(organization, id)
  const roles = [...new Set(keys.flatMap((key) => key.roles))]
  const custom = await customRolesAmong(tx.roles, { organization, roles })
  // All keys of a consumer have its environment.
  requireCovered(context, { organization, roles, environment }, custom)
  await requireWithinItsBounds(context, tx, { organization, id })
}

/** What a consumer may call, each of its credentials may call: the actor must have bounds no narrower than theirs. */
async function requireWithinItsBounds(
  context: OperationContext,
  tx: Writer,
  { organization, id }: Pick<ConsumerRow, 'organization' | 'id'>,
): Promise<void> {
  const keys = await tx.keys.allOfConsumer(organization, id)
  for (const key of keys) requireWithinBounds(context, 'consumers.write', key)
  if ((await tx.basicCredentials.countOfConsumer(organization, id)) > 0) {
    requireWithinBounds(context, 'consumers.write', NO_BOUNDS)
  }
}
