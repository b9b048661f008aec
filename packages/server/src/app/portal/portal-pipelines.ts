import { Problem } from '@sallyport/core'
import type { DeploymentRow } from '../../store/port/deployments.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'

/**
 * Lists the live deployments that the consumer of the portal session may call, oldest first. Each session shows them: they
 * are what its keys are for.
 */
export async function listPortalPipelines(
  context: OperationContext,
  page: PageRequest,
): Promise<Page<DeploymentRow>> {
  const { portal } = context.actor
  if (portal === undefined) throw new Problem('unauthenticated')
  const { organization, environment, consumer: id } = portal
  const { consumers, deployments } = context.store.read
  const consumer = await consumers.get(organization, id)
  const visible = [
    ...(consumer?.pipelines ?? []).map((pipeline) => ({ environment, pipeline })),
    ...(consumer?.projects ?? []).map((project) => ({ environment, project })),
  ]
  // A list that is narrowed to no scope would have no condition.
  if (visible.length === 0) return { items: [], next: null }
  const { items, next } = await deployments.list(organization, { ...page, visible }, { environment })
  const place = { organization, environment }
  // A schedule has no callers, and no caller reaches a pipeline whose hosts the operator has taken away.
  const isReached = ({ spec: { trigger } }: DeploymentRow): boolean =>
    trigger.kind !== 'schedule' &&
    (trigger.hosts === undefined || trigger.hosts.some((host) => context.hosts.isServed(host, place)))
  return { items: items.filter(isReached), next }
}
